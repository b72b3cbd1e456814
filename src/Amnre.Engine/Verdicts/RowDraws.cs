using Amnre.Engine.ChainRule;
using Amnre.Engine.Inference;
using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Randomness;
using Amnre.Engine.Sampling;

namespace Amnre.Engine.Verdicts;

/// <summary>A few draws of one posterior, with their densities.</summary>
/// <param name="Theta">(count, |mask|), all of the same weight.</param>
/// <param name="LogDensity">Of each, up to a constant of the row.</param>
/// <param name="EffectiveSize">Of how many independent draws they are worth.</param>
/// <param name="LogTotal">ln of the total probability; null where it is not known.</param>
/// <param name="Disagreeing">Whether chains drew because nested marginals disagree.</param>
internal sealed record RowDraws(float[] Theta, float[] LogDensity, double EffectiveSize, double? LogTotal, bool Disagreeing)
{
    /// <summary>Proposals by the chain rule: few, since a verdict needs few draws of each of many rows.</summary>
    private const int Proposals = 128, MaxFurther = 3;

    /// <summary>Below it a finer grid is tried, then chains, as for the draws of a user.</summary>
    private const double MinEfficiency = 0.1;

    /// <param name="marginals">The estimate at the observation.</param>
    /// <param name="mask">The parameters drawn together.</param>
    /// <param name="count">Draws.</param>
    /// <param name="row">Names the draws, with the seed.</param>
    /// <param name="patient">Whether chains may draw where nested marginals disagree, which takes hundreds of times longer.</param>
    /// <returns>Null where they would have to.</returns>
    /// <exception cref="NoDrawsException">The estimate is nowhere finite and positive.</exception>
    public static RowDraws? Of(
        ObservedMarginals marginals, ParameterMask mask, int count, ulong seed, int row, bool patient, RunContext context)
    {
        var (posterior, x, known) = (marginals.Posterior, marginals.X, false);
        if (posterior is not IDirectPosterior { DrawsDirectly: true })
        {
            foreach (var grid in (ChainRuleGrid[])[ChainRuleGrid.Default, ChainRuleGrid.Fine])
            {
                if (ChainRuleSampler.Of(marginals, mask, grid) is not { } sampler) break;
                known = true;
                if (ByChainRule(sampler, posterior, mask, x, count, seed, row, context) is { } drawn) return drawn;
            }
        }

        if (known && !patient) return null;
        var chains = ChainDraws.Of(marginals.Simulator, posterior, mask, x, count, seed, row, context);
        return With(posterior, mask, x, chains.Theta, chains.EffectiveSize, null, known);
    }

    /// <returns>Null where too few of the proposals are worth anything.</returns>
    private static RowDraws? ByChainRule(
        ChainRuleSampler sampler, IMarginalPosterior posterior, ParameterMask mask, ReadOnlySpan<float> x, int count, ulong seed, int row,
        RunContext context)
    {
        var (theta, weights) = sampler.Draw(0, Proposals, seed, (ulong)row, context);
        var (_, first) = SystematicResampling.Exponentiate([.. weights]);
        if (!(first >= MinEfficiency * Proposals)) return null;
        // Copies among the draws would make the truth look like an outlier.
        var further = (int)Math.Clamp(Proposals * (2 * count / first - 1), 0, MaxFurther * Proposals);
        var (more, moreWeights) = sampler.Draw(Proposals, further, seed, (ulong)row, context);
        (theta, weights) = ([.. theta, .. more], [.. weights, .. moreWeights]);
        var most = weights.Where(float.IsFinite).Max();
        var (sum, effective) = SystematicResampling.Exponentiate(weights);
        // The proposals are normalised, so that the mean weight is the joint's total probability.
        var total = most + Math.Log(sum / weights.Length);
        var random = new CounterRandom(seed, RandomPurpose.Verdicts, (ulong)row << 32 | mask.Bits);
        int[] chosen = [.. SystematicResampling.Indices(weights, sum, count, random.NextDouble())];
        float[] drawn = [.. chosen.SelectMany(index => theta.AsSpan(index * mask.Count, mask.Count).ToArray())];
        return With(posterior, mask, x, drawn, effective, total, false);
    }

    private static RowDraws With(
        IMarginalPosterior posterior, ParameterMask mask, ReadOnlySpan<float> x, float[] theta, double effective, double? total,
        bool disagreeing)
    {
        var logs = new float[theta.Length / mask.Count];
        posterior.LogDensity(mask, x, theta, logs);
        return new RowDraws(theta, logs, effective, total, disagreeing);
    }
}
