using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Sampling;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Inference;

/// <summary>Draws by chains whose number and length follow from the draws asked for, and whose convergence is checked; or directly, where
/// an estimator can.</summary>
internal static class ChainDraws
{
    /// <summary>States between two that are kept, at least.</summary>
    private const int Thin = 8;

    /// <summary>States dropped at first, and where chains that do not agree are abandoned; each time there are four times as many, and at
    /// least twice as many kept.</summary>
    private const int FirstBurn = 256, MaxBurn = 4096;

    /// <summary>Few and long rather than many and short: only long ones show whether they agree.</summary>
    private const int Chains = 64;

    /// <summary>Below it chains are taken to have forgotten their starts. Vehtari, Gelman, Simpson, Carpenter, Bürkner: Rank-normalization,
    /// folding, and localization: an improved R̂ (2021), from whom the advice is; the split form without ranks is used.</summary>
    private const double MaxSplitRatio = 1.05;

    /// <summary>Independent draws from which 95 % intervals can be told (Vehtari et al. advise 400): chains run longer for them.</summary>
    private const int Enough = 400;

    /// <summary>Times as many direct draws as are asked for, at the most, where some fall outside the prior.</summary>
    private const int MaxRounds = 64;

    public static JointDraws Of(
        ISimulator simulator, IMarginalPosterior posterior, ParameterMask mask, ReadOnlySpan<float> x, int count, ulong seed,
        int observation,
        RunContext context)
    {
        if (posterior is IDirectPosterior { DrawsDirectly: true } direct)
            return Direct(simulator, direct, mask, x, count, seed, observation, context);
        var (each, wanted) = ((count + Chains - 1) / Chains, Math.Min(count, Enough));
        for (var burn = FirstBurn; ; burn *= 4)
        {
            var length = Math.Max(2 * burn, each * Thin);
            var settings = new ChainSettings { Chains = Chains, Steps = burn + length, Burn = burn, Proposals = 1 << 14, Seed = seed };
            var states = new List<float[]>();
            new PosteriorSampler(simulator, settings, byImportance: false).Draw(posterior, mask, x, observation,
                theta => states.Add(theta.ToArray()), context.Stop, context.Progress);
            var ratio = Enumerable.Range(0, mask.Count).Max(k => ChainConvergence.SplitRatio(states, k, mask.Count));
            var effective = EffectiveSize(states, mask.Count);
            if ((ratio > MaxSplitRatio || effective < wanted) && burn < MaxBurn) continue;
            var theta = new float[count * mask.Count];
            var kept = Enumerable.Range(1, each).Select(k => states[(int)((long)k * length / each) - 1]).ToList();
            for (var k = 0; k < each; k++)
            {
                var from = kept[k];
                from.AsSpan(0, Math.Min(from.Length, theta.Length - k * from.Length)).CopyTo(theta.AsSpan(k * from.Length));
            }

            // States that are left out between those that are kept know more than these do.
            var worth = Math.Min(count, Math.Min(effective, EffectiveSize(kept, mask.Count)));
            return new JointDraws(theta, "chains", worth, Warning(ratio, effective, wanted));
        }
    }

    /// <summary>Rows evenly spread over others, in their order.</summary>
    /// <param name="theta">(n, size).</param>
    /// <param name="size">Values of a row.</param>
    /// <param name="count">Rows to take, at most n.</param>
    public static float[] Spread(float[] theta, int size, int count)
    {
        var (taken, rows) = (new float[count * size], theta.Length / size);
        for (var row = 0; row < count; row++)
            theta.AsSpan((int)((2L * row + 1) * rows / (2L * count)) * size, size).CopyTo(taken.AsSpan(row * size));
        return taken;
    }

    /// <summary>What some of a chain's draws are worth, evenly spread over all: draws of a chain whose correlation falls by the same
    /// factor at each step, of effective size n (1 − a) / (1 + a).</summary>
    /// <param name="effective">Independent draws that all are worth.</param>
    /// <param name="all">Their number.</param>
    /// <param name="count">How many are taken.</param>
    public static double Worth(double effective, int all, int count)
    {
        var slowness = Math.Max(1, all / effective);
        var left = Math.Pow((slowness - 1) / (slowness + 1), (double)all / count);
        return count * (1 - left) / (1 + left);
    }

    /// <summary>Of the parameter that is known worst.</summary>
    private static double EffectiveSize(List<float[]> states, int size) =>
        Enumerable.Range(0, size).Min(k => ChainConvergence.EffectiveSize(states, k, size));

    /// <summary>What is wrong with the chains, and what a user can do; null for nothing.</summary>
    private static string? Warning(double ratio, double effective, int wanted) =>
        ratio > MaxSplitRatio
            ? FormattableString.Invariant(
                $"the chains have not converged (split R-hat {ratio:0.00}, at most {MaxSplitRatio} is wanted): the posterior may have modes that they seldom leave, whose weights are then by chance; an AMNRE (arbitrary: true) draws without chains")
            : effective < wanted
            ? FormattableString.Invariant(
                $"the chains' draws are worth only {effective:0} independent ones ({wanted} are wanted), so that ends of intervals are uncertain: ask for more draws, for which chains run longer")
            : null;

    /// <summary>Draws of an estimator that draws, without those outside the prior.</summary>
    /// <exception cref="NoDrawsException">Hardly any is within.</exception>
    private static JointDraws Direct(
        ISimulator simulator, IDirectPosterior posterior, ParameterMask mask, ReadOnlySpan<float> x, int count, ulong seed,
        int observation, RunContext context)
    {
        var (theta, filled, drawn, total) = (new float[count * mask.Count], 0, 0L, 0L);
        for (var round = 0; round < MaxRounds && filled < theta.Length; round++)
        {
            var settings = new ChainSettings
            {
                Chains = Chains,
                Steps = (count + Chains - 1) / Chains,
                Burn = 0,
                Seed = seed + (ulong)round,
            };
            drawn += settings.Kept;
            new PosteriorSampler(simulator, settings, byImportance: false).Draw(posterior, mask, x, observation, part =>
            {
                total += part.Length / mask.Count;
                part = part[..Math.Min(part.Length, theta.Length - filled)];
                part.CopyTo(theta.AsSpan(filled));
                filled += part.Length;
                context.Progress.Report(new RunProgress(filled / mask.Count, count, "draws"));
            }, context.Stop);
        }

        var share = (double)total / drawn;
        if (filled < theta.Length)
            throw new NoDrawsException(FormattableString.Invariant(
                $"hardly a draw of the model falls within the prior ({share:P2} of mask {mask}): train it longer"));
        return new JointDraws(theta, "direct", count, share >= 0.5
            ? null
            : FormattableString.Invariant(
                $"only {share:P0} of the model's draws fall within the prior: it has hardly learnt where the parameters can be"));
    }
}
