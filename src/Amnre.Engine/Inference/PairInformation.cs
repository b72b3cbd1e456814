using Amnre.Engine.ChainRule;
using Amnre.Engine.Masks;
using Amnre.Engine.Sampling;

namespace Amnre.Engine.Inference;

/// <summary>What an observation tells of two parameters together: the divergence of their posterior from their prior, which is that of each
/// alone and what it tells of how they depend on each other.</summary>
/// <param name="First">One parameter.</param>
/// <param name="Second">The other.</param>
/// <param name="Information">In nats.</param>
public sealed record PairInformation(string First, string Second, double Information)
{
    private const int Draws = 1024;

    /// <summary>Of all pairs of a mask that the estimator draws by the chain rule.</summary>
    /// <param name="marginals">The estimate at the observation.</param>
    /// <param name="mask">The parameters.</param>
    /// <param name="seed">Names the draws.</param>
    /// <param name="observation">Its index.</param>
    /// <param name="context">May stop it.</param>
    internal static IReadOnlyList<PairInformation> Of(
        ObservedMarginals marginals, ParameterMask mask, ulong seed, int observation, RunContext context)
    {
        var labels = marginals.Simulator.Labels;
        var (found, indices) = (new List<PairInformation>(), mask.Indices());
        for (var j = 0; j < indices.Length; j++)
        {
            for (var i = 0; i < j; i++)
            {
                var pair = new ParameterMask(1u << indices[i] | 1u << indices[j], mask.Size);
                if (Divergence(marginals, pair, seed, observation, context) is { } nats)
                    found.Add(new PairInformation(labels[indices[i]], labels[indices[j]], nats));
            }
        }

        return found;
    }

    private static double? Divergence(
        ObservedMarginals marginals, ParameterMask pair, ulong seed, int observation, RunContext context)
    {
        var (simulator, posterior) = (marginals.Simulator, marginals.Posterior);
        if (!posterior.Covers(pair) || ChainRuleSampler.Of(marginals, pair, ChainRuleGrid.Default) is not { } sampler) return null;
        var (theta, weights) = sampler.Draw(0, Draws, seed, (ulong)observation, RunContext.Unwatched(context.Stop));
        var (logs, most) = (new float[Draws], weights.Where(float.IsFinite).DefaultIfEmpty(float.NaN).Max());
        posterior.LogDensity(pair, marginals.X, theta, logs);
        var (sum, _) = SystematicResampling.Exponentiate(weights);
        // The proposals are normalised, so that the mean weight is the pair's total probability.
        var (mean, total) = (0.0, most + Math.Log(sum / Draws));
        for (var row = 0; row < Draws; row++)
            if (weights[row] > 0) mean += weights[row] / sum * (logs[row] - simulator.LogPrior(pair, theta.AsSpan(row * 2, 2)));
        return double.IsFinite(mean - total) ? Math.Max(0, mean - total) : null;
    }
}
