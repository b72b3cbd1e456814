using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;

namespace Amnre.Engine.ChainRule;

/// <summary>The marginal of one parameter at knots: evenly spaced ones in the prior's probability, and as many again where the mass
/// is.</summary>
internal static class MarginalKnots
{
    /// <summary>Even ones; as many again come where the mass is.</summary>
    private const int Even = 129;

    private const int Rounds = 2;

    /// <param name="posterior">Knows the parameter alone.</param>
    /// <param name="mask">The parameter.</param>
    /// <param name="prior">Its prior.</param>
    /// <param name="x">One observation, as the estimator takes it.</param>
    public static KnotDensity Of(IMarginalPosterior posterior, ParameterMask mask, PriorQuantiles prior, ReadOnlySpan<float> x)
    {
        var density = new KnotDensity(2 * Even);
        double[] at = [.. Enumerable.Range(0, Even).Select(k => k / (Even - 1.0))];
        for (var round = 0; ; round++)
        {
            var logs = new float[at.Length];
            posterior.LogDensity(mask, x, Array.ConvertAll(at, prior.Theta), logs);
            for (var i = 0; i < logs.Length; i++) logs[i] -= (float)Math.Log(prior.Slope(at[i]));
            density.Add(at, logs);
            if (round == Rounds) return density;
            at = new double[Even / Rounds];
            density.Refine(at);
        }
    }
}
