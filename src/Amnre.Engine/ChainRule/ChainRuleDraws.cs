using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Randomness;
using Amnre.Engine.Sampling;

namespace Amnre.Engine.ChainRule;

/// <summary>Draws of one posterior by the chain rule, all of the same weight.</summary>
/// <param name="Theta">(count, |mask|), row-major.</param>
/// <param name="EffectiveSize">Of how many independent draws they are worth.</param>
internal sealed record ChainRuleDraws(float[] Theta, double EffectiveSize)
{
    /// <summary>Draws that are worth less than this part of their number are left to chains: their marginals and their joint
    /// disagree.</summary>
    private const double MinEfficiency = 0.1;

    /// <summary>Proposals for each draw at the most. As many are made as are worth the draws asked for.</summary>
    private const int MaxProposals = 4;

    /// <summary>Fewer say little of their efficiency, and resampling them would repeat some.</summary>
    private const int MinProposals = 512;

    /// <param name="marginals">The estimate at the observation; it covers <paramref name="mask"/>.</param>
    /// <param name="mask">The parameters drawn together.</param>
    /// <param name="count">Draws.</param>
    /// <param name="seed">Names the random numbers.</param>
    /// <param name="observation">Its index.</param>
    /// <param name="context">Is told where the marginals disagree.</param>
    /// <returns>Null where the estimator draws by itself, lacks a marginal that this takes, or its marginals disagree.</returns>
    /// <exception cref="NoDrawsException">The estimate is nowhere finite and positive.</exception>
    public static ChainRuleDraws? Of(
        ObservedMarginals marginals, ParameterMask mask, int count, ulong seed, int observation, RunContext context)
    {
        if (marginals.Posterior is IDirectPosterior { DrawsDirectly: true }) return null;
        var first = Math.Max(count, MinProposals);
        ChainRuleSampler? sampler = null;
        var (theta, logs, effective) = (Array.Empty<float>(), Array.Empty<float>(), 0.0);
        foreach (var grid in (ChainRuleGrid[])[ChainRuleGrid.Default, ChainRuleGrid.Fine])
        {
            if ((sampler = ChainRuleSampler.Of(marginals, mask, grid)) is null) return null;
            (theta, logs) = sampler.Draw(0, first, seed, (ulong)observation, context);
            (effective, _, _) = Weigh(logs);
            if (effective >= MinEfficiency * first) break;
        }

        if (effective < MinEfficiency * first)
        {
            context.Note(FormattableString.Invariant(
                $"the model's marginals of mask {mask} disagree with one another at this observation: {first} draws by the chain rule are worth {effective:0} ({effective / first:P0}; at least {MinEfficiency:P0} are wanted). Chains draw instead, which takes longer."));
            return null;
        }

        var further = (int)Math.Clamp(Math.Ceiling(first * (count / effective - 1)), 0, (MaxProposals - 1.0) * first);
        var (more, moreLogs) = sampler!.Draw(first, further, seed, (ulong)observation, context);
        var (worth, weights, sum) = Weigh([.. logs, .. moreLogs]);
        return new ChainRuleDraws(
            Resampled([.. theta, .. more], weights, sum, mask.Count, count, seed, observation), Math.Min(worth, count));
    }

    /// <returns>Of how many draws they are worth, the weights, and their sum.</returns>
    /// <exception cref="NoDrawsException">None is finite and positive.</exception>
    private static (double Effective, float[] Weights, double Sum) Weigh(float[] logs)
    {
        float[] weights = [.. logs];
        var (sum, effective) = SystematicResampling.Exponentiate(weights);
        ChainStart.CheckPositive(sum);
        return (effective, weights, sum);
    }

    private static float[] Resampled(float[] theta, float[] weights, double sum, int size, int count, ulong seed, int observation)
    {
        var random = new CounterRandom(seed, RandomPurpose.Resampling, (ulong)observation);
        int[] chosen = [.. SystematicResampling.Indices(weights, sum, count, random.NextDouble())];
        // Their order says nothing, so that a part of them is as good as the whole.
        random.Shuffle<int>(chosen);
        var drawn = new float[count * size];
        for (var row = 0; row < count; row++) theta.AsSpan(chosen[row] * size, size).CopyTo(drawn.AsSpan(row * size));
        return drawn;
    }
}
