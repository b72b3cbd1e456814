using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Sampling;

/// <summary>Samples an estimated posterior: directly where the estimator can draw, else as asked, by chains or by importance.</summary>
internal sealed class PosteriorSampler(ISimulator simulator, ChainSettings settings, bool byImportance)
{
    /// <param name="posterior">Must cover <paramref name="mask"/>.</param>
    /// <param name="mask">The parameters that are sampled.</param>
    /// <param name="x">One observation, flattened.</param>
    /// <param name="observation">Its index, which names its random numbers.</param>
    /// <param name="visit">Receives samples (n, |mask|) within the prior's box; valid during the call only.</param>
    /// <param name="stop">Checked often.</param>
    /// <param name="progress">Is told how far chains are; null for nobody.</param>
    public SamplingReport Draw(
        IMarginalPosterior posterior, ParameterMask mask, ReadOnlySpan<float> x, int observation, Action<ReadOnlySpan<float>> visit,
        CancellationToken stop, IProgress<RunProgress>? progress = null)
    {
        if (posterior is IDirectPosterior { DrawsDirectly: true } direct) return Direct(direct, mask, x, observation, visit, stop);
        if (byImportance) return ImportanceResampling.Draw(simulator, posterior, mask, x, settings, (ulong)observation, visit, stop);
        var report = JointSampler.Draw(simulator, posterior, mask, x, settings, (ulong)observation, visit, stop, progress);
        return new SamplingReport("chains", settings.Kept, 1, report.EffectiveSize, report.Acceptance);
    }

    /// <summary>As many draws as chains would keep states; those outside the prior's support are dropped.</summary>
    private SamplingReport Direct(
        IDirectPosterior posterior, ParameterMask mask, ReadOnlySpan<float> x, int observation, Action<ReadOnlySpan<float>> visit,
        CancellationToken stop)
    {
        var size = mask.Count;
        var theta = new float[settings.Chains * size];
        var inside = 0L;
        for (var step = 0; step < settings.Steps - settings.Burn; step++)
        {
            stop.ThrowIfCancellationRequested();
            posterior.Draw(mask, x, settings.Seed, (ulong)observation << 32 | (uint)step, theta);
            var kept = 0;
            for (var row = 0; row < settings.Chains; row++)
            {
                var draw = theta.AsSpan(row * size, size);
                if (double.IsNegativeInfinity(simulator.LogPrior(mask, draw))) continue;
                draw.CopyTo(theta.AsSpan(kept++ * size));
            }

            visit(theta.AsSpan(0, kept * size));
            inside += kept;
        }

        return new SamplingReport("direct", inside, (double)inside / settings.Kept, inside, null);
    }
}
