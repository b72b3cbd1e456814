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
    /// <summary>Chain-rule draws that are worth less than this part of their number are given up for chains: their marginals and their
    /// joint disagree.</summary>
    private const double MinEfficiency = 0.1;

    /// <summary>Proposals for each draw: resampling repeats a draw rarely where there are more of them.</summary>
    private const int Proposals = 2;

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
            var (theta, weights) = sampler.Draw(x, checked(Proposals * count), seed, (ulong)observation, context.Stop);
            var (sum, effective) = SystematicResampling.Exponentiate(weights);
            ChainStart.CheckPositive(sum);
            if (effective >= MinEfficiency * weights.Length)
                return new JointDraws(Resampled(theta, weights, sum, mask.Count, count, seed, observation), "chain rule",
                    Math.Min(effective, count), null);
            context.Note(FormattableString.Invariant(
                $"the model's marginals of mask {mask} disagree with one another at this observation: {weights.Length} draws by the chain rule are worth {effective:0} ({effective / weights.Length:P0}; at least {MinEfficiency:P0} are wanted). Chains draw instead, which takes longer."));
        }

        return ChainDraws.Of(simulator, posterior, mask, x, count, seed, observation, context);
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
