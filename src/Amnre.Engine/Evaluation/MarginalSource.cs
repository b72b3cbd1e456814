using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Sampling;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Evaluation;

/// <summary>One marginal of one observation.</summary>
/// <param name="Histogram">Normalised.</param>
/// <param name="Total">Its probability before normalising.</param>
/// <param name="Sampled">How it was sampled; null when it was laid on a grid.</param>
internal sealed record EstimatedMarginal(IHistogram Histogram, double Total, SamplingReport? Sampled);

/// <summary>Where the marginals of an evaluation come from: laid on grids where the cells are few enough, sampled where they are not,
/// and counted from samples of all parameters together where the estimator lacks the mask.</summary>
internal sealed class MarginalSource
{
    private const long MaxValues = 1 << 24;

    private readonly IMarginalPosterior _posterior;
    private readonly int _batchSize;
    private readonly List<MarginalGrid> _grids;
    private readonly List<SampledMarginals> _sampled = [];

    private MarginalSource(EvaluateSettings settings, ISimulator simulator, IMarginalPosterior posterior,
        IReadOnlyList<ParameterMask> masks)
    {
        (_posterior, _batchSize, Masks) = (posterior, settings.BatchSize, masks);
        bool Fits(ParameterMask mask) => Histogram.CellCount(mask, settings.Bins) <= Math.Min(settings.McmcLimit, int.MaxValue);
        var gridded = masks.Where(mask => posterior.Covers(mask) && Fits(mask)).ToList();
        var sampledMasks = masks.Except(gridded).ToList();
        if (!settings.NeedsHistograms) (Drawn, Masks) = (sampledMasks, gridded);
        _grids = gridded.ConvertAll(mask => new MarginalGrid(simulator, mask, settings.Bins));

        var chains = new ChainSettings
        {
            // Each half of the chains proposes from the other.
            Chains = Math.Max(4, settings.BatchSize / 2 * 2),
            Steps = settings.Steps,
            Burn = settings.Burn,
            Sigma = settings.Sigma,
            Seed = settings.Seed,
        };
        var sampler = new PosteriorSampler(simulator, chains, settings.Sampling == SamplingMethod.Importance);
        var full = ParameterMask.Full(simulator.ThetaSize);
        // Masks that the estimator lacks come from the joint's samples, as the joint itself may.
        var runs = (settings.NeedsHistograms ? sampledMasks : []).GroupBy(mask => posterior.Covers(mask) ? mask : full);
        foreach (var run in runs)
            _sampled.Add(new SampledMarginals(simulator, sampler, run.Key, [.. run], settings.Bins, settings.McmcLimit));

        var cells = masks.Where(Fits).Sum(mask => Histogram.CellCount(mask, settings.Bins));
        var fill = _grids.Count > 0 ? settings.BatchSize / _grids.Min(grid => grid.Cells) : 1;
        ObservationsAtOnce = (int)Math.Max(1, Math.Min(fill, MaxValues / Math.Max(1, cells)));
    }

    /// <summary>The masks evaluated, in order.</summary>
    public IReadOnlyList<ParameterMask> Masks { get; }

    /// <summary>Those that would have to be sampled, where nothing is asked of them but their draws.</summary>
    public IReadOnlyList<ParameterMask> Drawn { get; } = [];

    /// <summary>As many observations as fill one batch on the smallest grid; never so many that their histograms crowd the
    /// memory.</summary>
    public int ObservationsAtOnce { get; }

    /// <param name="skipped">The masks asked for that the estimator cannot give.</param>
    /// <returns>Null when it can give none.</returns>
    public static MarginalSource? Of(
        EvaluateSettings settings, ISimulator simulator, IMarginalPosterior posterior, out IReadOnlyList<ParameterMask> skipped)
    {
        var masks = EvaluationMasks.Of(settings, simulator, posterior.Covers, out skipped);
        if (settings.DeriveMarginals && posterior.Covers(ParameterMask.Full(simulator.ThetaSize)))
            (masks, skipped) = (EvaluateSettingsErrors.Masks(settings, simulator), []);
        return masks.Count > 0 ? new MarginalSource(settings, simulator, posterior, masks) : null;
    }

    /// <param name="x">(count, observation size).</param>
    /// <param name="first">Index of the first of the observations.</param>
    /// <param name="done">Is told how many of the observations are sampled, with the part of the one that is under way.</param>
    /// <param name="stop">Checked often.</param>
    /// <returns>For each observation its marginals, in the order of the masks.</returns>
    public IReadOnlyList<IReadOnlyList<EstimatedMarginal>> Evaluate(
        ReadOnlySpan<float> x, int first, int count, Action<double> done, CancellationToken stop)
    {
        var found = new List<Dictionary<ParameterMask, EstimatedMarginal>>();
        for (var i = 0; i < count; i++) found.Add([]);
        foreach (var grid in _grids)
        {
            stop.ThrowIfCancellationRequested();
            var marginals = grid.Evaluate(_posterior, x, count, _batchSize);
            for (var i = 0; i < count; i++)
                found[i][marginals[i].Histogram.Mask] = new EstimatedMarginal(marginals[i].Histogram, marginals[i].Total, null);
        }

        var size = x.Length / count;
        for (var run = 0; run < _sampled.Count; run++)
        {
            for (var i = 0; i < count; i++)
            {
                var (histograms, report) = _sampled[run].Evaluate(_posterior, x.Slice(i * size, size), first + i, stop,
                    new Share(done, (run * (double)count + i) / _sampled.Count, 1.0 / _sampled.Count));
                foreach (var histogram in histograms) found[i][histogram.Mask] = new EstimatedMarginal(histogram, report.Inside, report);
            }
        }

        return found.ConvertAll(marginals => (IReadOnlyList<EstimatedMarginal>)[.. Masks.Select(mask => marginals[mask])]);
    }

    /// <summary>The states of one ensemble of chains as part of all observations.</summary>
    private sealed class Share(Action<double> done, double before, double each) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => done(before + each * value.Done / value.Total);
    }
}
