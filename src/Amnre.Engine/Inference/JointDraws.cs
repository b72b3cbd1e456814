using Amnre.Engine.ChainRule;
using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Randomness;
using Amnre.Engine.Sampling;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Inference;

/// <summary>Draws of one posterior, all of the same weight.</summary>
/// <param name="Theta">(count, |mask|), row-major.</param>
/// <param name="Way"><c>chain rule</c>, <c>direct</c> or <c>chains</c>.</param>
/// <param name="EffectiveSize">Of how many independent draws they are worth.</param>
/// <param name="Warning">Why they should not be trusted; null where nothing speaks against them.</param>
internal sealed record JointDraws(float[] Theta, string Way, double EffectiveSize, string? Warning)
{
    /// <summary>Chain-rule draws that are worth less than this part of their number are replaced by chains: their marginals and their
    /// joint disagree.</summary>
    private const double MinEfficiency = 0.1;

    /// <summary>Proposals for each draw at the most. As many are made as are worth the draws asked for.</summary>
    private const int MaxProposals = 4;

    /// <summary>Draws of a posterior, by the chain rule where the estimator has the marginals that it takes, directly where it can, else by
    /// chains.</summary>
    /// <param name="simulator">Gives the prior.</param>
    /// <param name="posterior">Covers <paramref name="mask"/>.</param>
    /// <param name="mask">The parameters drawn together.</param>
    /// <param name="x">One observation, as the estimator takes it.</param>
    /// <param name="count">Draws.</param>
    /// <param name="seed">Names the random numbers.</param>
    /// <param name="observation">Its index.</param>
    /// <param name="context">Is told where chains are needed.</param>
    /// <exception cref="NoDrawsException">The estimate is nowhere finite and positive.</exception>
    public static JointDraws Of(
        ISimulator simulator, IMarginalPosterior posterior, ParameterMask mask, ReadOnlySpan<float> x, int count, ulong seed,
        int observation,
        RunContext context)
    {
        if (posterior is not IDirectPosterior { DrawsDirectly: true }
            && ChainRuleSampler.Of(simulator, posterior, mask, ChainRuleGrid.Default) is { } sampler)
        {
            var (theta, logs) = sampler.Draw(x, 0, count, seed, (ulong)observation, context);
            var (effective, _, _) = Weigh(logs);
            if (effective >= MinEfficiency * count)
            {
                var further = (int)Math.Min((MaxProposals - 1L) * count, Math.Ceiling(count * (count / effective - 1)));
                var (more, moreLogs) = sampler.Draw(x, count, further, seed, (ulong)observation, context);
                float[] all = [.. theta, .. more];
                var (worth, weights, sum) = Weigh([.. logs, .. moreLogs]);
                return new JointDraws(
                    Resampled(all, weights, sum, mask.Count, count, seed, observation), "chain rule", Math.Min(worth, count), null);
            }

            context.Note(FormattableString.Invariant(
                $"the model's marginals of mask {mask} disagree with one another at this observation: {count} draws by the chain rule are worth {effective:0} ({effective / count:P0}; at least {MinEfficiency:P0} are wanted). Chains draw instead, which takes longer."));
        }

        return ChainDraws.Of(simulator, posterior, mask, x, count, seed, observation, context);
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
