using Amnre.Engine.ChainRule;
using Amnre.Engine.Inference;
using Amnre.Engine.Masks;
using Amnre.Engine.Tests.Verdicts;
using MathNet.Numerics.LinearAlgebra;

namespace Amnre.Engine.Tests.Inference;

/// <summary>Information and Bayes factors of a linear simulator with normal noise, against their closed forms.</summary>
public sealed class InformationTests
{
    private static readonly LinearStudy Study = new(3, 5, 0.7, 4);

    private static readonly float[] X = [0.4f, -1.1f, 0.2f, 1.3f, -0.6f];

    private static Vector<double> Mean => Study.Gain * Vector<double>.Build.Dense(5, k => X[k]);

    /// <summary>A factor in the ratio is no evidence.</summary>
    [Theory]
    [InlineData(1, 0.3, 1)]
    [InlineData(0, -1.2, 1)]
    [InlineData(2, 0, 1.7)]
    public void A_Bayes_factor_is_the_ratio_of_densities_at_the_value(int parameter, float value, double factor)
    {
        var model = new NormalModel(Study) { Say = (_, _, _, log) => log + Math.Log(factor) };
        var total = new ObservedMarginals(Study, model, X).Points(parameter)!.Total;

        var found = BayesFactor.Of(Study, model, parameter, value, X, total);

        var (mean, variance) = (Mean[parameter], Study.Covariance[parameter, parameter]);
        var expected = -0.5 * ((value - mean) * (value - mean) / variance + Math.Log(variance)) + 0.5 * value * value;
        Assert.Equal(expected, found.Log, 0.005);
        Assert.Equal(factor, total, 0.005);
    }

    [Fact]
    public void Pairs_tell_the_divergence_of_their_posterior_from_the_prior()
    {
        var found = PairInformation.Of(
            new ObservedMarginals(Study, new NormalModel(Study), X), ParameterMask.Full(3), 1, 0, RunContexts.Quiet);

        Assert.Equal(3, found.Count);
        foreach (var pair in found)
        {
            var (i, j) = (pair.First[1] - '0', pair.Second[1] - '0');
            var covariance = Matrix<double>.Build.Dense(2, 2, (a, b) => Study.Covariance[a == 0 ? i : j, b == 0 ? i : j]);
            var exact = 0.5 * (covariance.Trace() + Mean[i] * Mean[i] + Mean[j] * Mean[j] - 2 - Math.Log(covariance.Determinant()));
            Assert.Equal(exact, pair.Information, 0.06);
        }
    }
}
