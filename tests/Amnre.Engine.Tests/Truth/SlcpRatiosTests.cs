using Amnre.Engine.Catalog;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;
using Amnre.Engine.Truth;

namespace Amnre.Engine.Tests.Truth;

public sealed class SlcpRatiosTests
{
    private const int Size = 5;

    private readonly ITractableSimulator _slcp = (ITractableSimulator)SimulatorCatalog.Find("SLCP");

    /// <summary>The last one's points are so correlated that each scale all but fixes the other.</summary>
    public static TheoryData<int> Rows() => [0, 3, 4];

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_ratio_of_all_parameters_is_the_likelihood_over_one_constant(int row)
    {
        var (theta, x) = Draws(16);
        var observation = x.AsSpan(row * 8, 8).ToArray();
        var ratios = SlcpRatios.Of(observation);

        var constants = Enumerable.Range(0, 16).Select(other => theta.AsSpan(other * Size, Size).ToArray())
            .Select(at => (Likelihood: _slcp.LogLikelihood(at, observation), Ratio: ratios.Log(ParameterMask.Full(Size), at)))
            .Where(one => one.Ratio > -100)
            .Select(one => one.Likelihood - one.Ratio).ToList();

        Assert.True(constants.Count > 1);
        Assert.All(constants, constant => Assert.Equal(constants[0], constant, 1e-3));
    }

    /// <summary>∫ r(θ_b, x) p(θ_j) dθ_j = r(θ_b without j, x) for each b and each j in it, and 1 where nothing is left: all 31 subsets hang
    /// together.</summary>
    [Theory]
    [MemberData(nameof(Rows))]
    public void The_ratio_of_a_subset_is_the_mean_of_a_larger_ones_over_the_prior_of_the_rest(int row)
    {
        var (theta, x) = Draws(16);
        var at = theta.AsSpan(row * Size, Size).ToArray();
        var ratios = SlcpRatios.Of(x.AsSpan(row * 8, 8));
        for (var bits = 1u; bits < 1 << Size; bits++)
        {
            var mask = new ParameterMask(bits, Size);
            foreach (var j in mask.Indices())
            {
                var rest = bits & ~(1u << j);
                var less = rest == 0 ? 0 : ratios.Log(new ParameterMask(rest, Size), at);
                var mean = Mean(ratios, mask, at, j, less);
                Assert.True(Math.Abs(Math.Log(mean)) < 2e-3, $"row {row}, {mask} over parameter {j}: {mean}");
            }
        }
    }

    [Fact]
    public void The_ratios_of_an_observation_with_its_coordinates_exchanged_are_those_of_the_parameters_exchanged()
    {
        var (theta, x) = Draws(1);
        float[] mirrored = [.. Enumerable.Range(0, 4).SelectMany(point => new[] { x[2 * point + 1], x[2 * point] })];
        float[] other = [theta[1], theta[0], theta[3], theta[2], theta[4]];
        var (one, two) = (SlcpRatios.Of(x), SlcpRatios.Of(mirrored));
        for (var bits = 1u; bits < 1 << Size; bits++)
        {
            var exchanged = (bits & 1) << 1 | (bits & 2) >> 1 | (bits & 4) << 1 | (bits & 8) >> 1 | (bits & 16);
            Assert.Equal(one.Log(new ParameterMask(bits, Size), theta), two.Log(new ParameterMask(exchanged, Size), other), 2e-3);
        }
    }

    // The mean of the ratio of mask, over that of the rest, on points that gather around ±theta, where spikes are, and around 0, for small
    // scales.
    private static double Mean(SlcpRatios ratios, ParameterMask mask, float[] theta, int j, double less)
    {
        const int Points = 4;
        var cuts = Enumerable.Range(0, 12).Select(i => 3 * Math.Pow(0.5, i))
            .SelectMany(step => (double[])[theta[j] + step, theta[j] - step, -theta[j] + step, -theta[j] - step, step, -step])
            .Append(theta[j]).Append(-theta[j]).Append(0).Where(cut => Math.Abs(cut) < 3).Append(-3).Append(3).Order().ToArray();
        var (nodes, weights) = Quadrature.Rule(Points);
        var at = theta.ToArray();
        var sum = 0.0;
        for (var i = 1; i < cuts.Length; i++)
        {
            var (middle, half) = ((cuts[i - 1] + cuts[i]) / 2, (cuts[i] - cuts[i - 1]) / 2);
            for (var k = 0; k < Points; k++)
            {
                at[j] = (float)(middle + half * nodes[k]);
                sum += half * weights[k] / 6 * Math.Exp(ratios.Log(mask, at) - less);
            }
        }

        return sum;
    }

    private (float[] Theta, float[] X) Draws(int rows)
    {
        var (theta, x) = (new float[rows * Size], new float[rows * 8]);
        _slcp.Sample(2026, 0, theta, x);
        return (theta, x);
    }
}
