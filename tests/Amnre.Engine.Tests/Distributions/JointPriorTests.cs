using Amnre.Engine.Declarations;
using Amnre.Engine.Distributions;
using Amnre.Engine.Masks;
using MathNet.Numerics.LinearAlgebra;

namespace Amnre.Engine.Tests.Distributions;

public sealed class JointPriorTests
{
    private const string Declaration = """
        {"parameters":{"a":{"multivariate_normal":[1,[4]]},"g":{"gamma":[2,1]},"b":{"multivariate_normal":[-2,[1.0,1]]},
        "c":{"multivariate_normal":[0,[-0.5,0.2,0.25]]}},"observation":[1]}
        """;

    private static readonly double[,] Covariance = { { 4, 1, -0.5 }, { 1, 1, 0.2 }, { -0.5, 0.2, 0.25 } };

    /// <summary>Every subset's density against the density formula with its block of the covariance.</summary>
    [Theory]
    [InlineData("1011")]
    [InlineData("1010")]
    [InlineData("0011")]
    [InlineData("1001")]
    [InlineData("0010")]
    [InlineData("1111")]
    [InlineData("0101")]
    public void Marginals_of_every_subset_are_exact(string mask)
    {
        var simulator = DeclaredSimulator.Of(Declaration);
        float[] all = [1.7f, 2.5f, -1.9f, 0.1f];
        double[] mean = [1, -2, 0];
        int[] places = [0, 2, 3];
        var chosen = Enumerable.Range(0, 3).Where(i => mask[places[i]] == '1').ToArray();
        var block = Matrix<double>.Build.Dense(chosen.Length, chosen.Length, (i, j) => Covariance[chosen[i], chosen[j]]);
        var rest = Vector<double>.Build.Dense(chosen.Length, i => all[places[chosen[i]]] - mean[chosen[i]]);
        var expected = -0.5 * rest * block.Inverse() * rest - 0.5 * Math.Log(block.Determinant())
            - 0.5 * chosen.Length * Math.Log(2 * Math.PI);
        if (mask[1] == '1') expected += Math.Log(2.5) - 2.5;

        float[] given = [.. all.Where((_, i) => mask[i] == '1')];
        Assert.Equal(expected, simulator.LogPrior(ParameterMask.Parse(mask), given), 2e-6);
    }

    [Fact]
    public void Draws_have_the_means_and_covariances()
    {
        const int Rows = 200_000;
        var simulator = DeclaredSimulator.Of(Declaration);
        var theta = new float[Rows * 4];
        simulator.DrawPrior(3, 0, theta);
        double[] mean = [1, -2, 0];
        int[] places = [0, 2, 3];
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = 0.0;
                for (var row = 0; row < Rows; row++)
                    sum += (theta[row * 4 + places[i]] - mean[i]) * (theta[row * 4 + places[j]] - mean[j]);
                var scale = Math.Sqrt(Covariance[i, i] * Covariance[j, j]);
                Assert.InRange((sum / Rows - Covariance[i, j]) / scale, -0.012, 0.012);
            }
        }

        // A row is a function of its seed and number, not of those drawn with it.
        var one = new float[4];
        simulator.DrawPrior(3, 777, one);
        Assert.Equal(theta[(777 * 4)..(778 * 4)], one);
    }

    [Fact]
    public void A_covariance_that_is_none_is_refused() => Assert.Contains("not positive definite", Assert.Throws<InputException>(() =>
        new MultivariateNormalPrior([0, 0], new double[,] { { 1, 2 }, { 2, 1 } })).Message, StringComparison.Ordinal);
}
