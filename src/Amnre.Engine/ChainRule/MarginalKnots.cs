using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;

namespace Amnre.Engine.ChainRule;

/// <summary>The marginal of one parameter at knots: evenly spaced ones in the prior's probability, and as many again where the mass
/// is.</summary>
internal static class MarginalKnots
{
    private const int Rounds = 2;

    /// <param name="posterior">Knows the parameter alone.</param>
    /// <param name="mask">The parameter.</param>
    /// <param name="prior">Its prior.</param>
    /// <param name="x">One observation, as the estimator takes it.</param>
    /// <param name="knots">Even ones, at least 3.</param>
    public static KnotDensity Of(IMarginalPosterior posterior, ParameterMask mask, PriorQuantiles prior, ReadOnlySpan<float> x, int knots)
    {
        var density = new KnotDensity(2 * knots);
        double[] at = [.. Enumerable.Range(0, knots).Select(k => k / (knots - 1.0))];
        for (var round = 0; ; round++)
        {
            var logs = new float[at.Length];
            posterior.LogDensity(mask, x, Array.ConvertAll(at, prior.Theta), logs);
            for (var i = 0; i < logs.Length; i++) logs[i] -= (float)Math.Log(prior.Slope(at[i]));
            density.Add(at, logs);
            if (round == Rounds) return density;
            at = new double[knots / Rounds];
            density.Refine(at);
        }
    }
}
