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

    public static JointDraws Of(
        ISimulator simulator, IMarginalPosterior posterior, ParameterMask mask, ReadOnlySpan<float> x, int count, ulong seed,
        int observation,
        RunContext context)
    {
        var each = (count + Chains - 1) / Chains;
        for (var burn = FirstBurn; ; burn *= 4)
        {
            var length = Math.Max(2 * burn, each * Thin);
            var settings = new ChainSettings { Chains = Chains, Steps = burn + length, Burn = burn, Proposals = 1 << 14, Seed = seed };
            var states = new List<float[]>();
            var report = new PosteriorSampler(simulator, settings, byImportance: false).Draw(posterior, mask, x, observation,
                theta =>
                {
                    states.Add(theta.ToArray());
                    context.Progress.Report(new RunProgress(states.Count, length, "states"));
                }, context.Stop);
            if (report.Way == "direct") return Direct(states, mask.Count, count, report);
            var ratio = Enumerable.Range(0, mask.Count).Max(k => ChainConvergence.SplitRatio(states, k, mask.Count));
            if (ratio > MaxSplitRatio && burn < MaxBurn) continue;
            var theta = new float[count * mask.Count];
            for (var k = 0; k < each; k++)
            {
                var from = states[(int)((k + 1L) * length / each) - 1];
                from.AsSpan(0, Math.Min(from.Length, theta.Length - k * from.Length)).CopyTo(theta.AsSpan(k * from.Length));
            }

            var effective = Math.Min(count,
                Enumerable.Range(0, mask.Count).Min(k => ChainConvergence.EffectiveSize(states, k, mask.Count)));
            return new JointDraws(theta, "chains", effective, ratio <= MaxSplitRatio
                ? null
                : FormattableString.Invariant(
                    $"the chains have not converged (split R-hat {ratio:0.00}, at most {MaxSplitRatio} is wanted): the posterior may have modes that they seldom leave"));
        }
    }

    /// <summary>Draws of an estimator that draws, of which some were outside the prior.</summary>
    private static JointDraws Direct(List<float[]> states, int size, int count, SamplingReport report)
    {
        float[] all = [.. states.SelectMany(part => part)];
        if (all.Length == 0) throw new NoDrawsException("hardly a draw of the model falls within the prior: train it longer");
        var theta = new float[count * size];
        // Where few are inside, they are repeated, and the effective size says so.
        for (var row = 0; row < count; row++) all.AsSpan(row % (all.Length / size) * size, size).CopyTo(theta.AsSpan(row * size));
        var inside = report.Inside;
        return new JointDraws(theta, "direct", Math.Min(count, all.Length / size), inside >= 0.5
            ? null
            : FormattableString.Invariant(
                $"only {inside:P0} of the model's draws fall within the prior: it has hardly learnt where the parameters can be"));
    }
}
