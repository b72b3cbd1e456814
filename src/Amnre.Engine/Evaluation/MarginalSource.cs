using Amnre.Engine.Estimators;
using Amnre.Engine.Masks;
using Amnre.Engine.Sampling;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Evaluation;

/// <summary>Where the marginals of an evaluation come from: laid on grids for the masks that the estimator covers, and counted from
/// samples of the joint posterior for the others, when it covers all parameters together.</summary>
internal sealed class MarginalSource
{
    private const long MostValues = 1 << 24;

    private readonly IMarginalPosterior _posterior;
    private readonly int _batchSize;
    private readonly IReadOnlyList<ParameterMask> _masks;
    private readonly List<MarginalGrid> _grids;
    private readonly JointMarginals? _joint;

    private MarginalSource(
        EvaluateSettings settings, ISimulator simulator, IMarginalPosterior posterior, List<ParameterMask> gridded, List<ParameterMask> counted)
    {
        (_posterior, _batchSize) = (posterior, settings.BatchSize);
        _masks = [.. gridded, .. counted];
        _grids = gridded.ConvertAll(mask => new MarginalGrid(simulator, mask, settings.Bins));
        // Each half of the chains proposes from the other.
        var chains = Math.Max(4, settings.BatchSize / 2 * 2);
        if (counted.Count > 0)
            _joint = new JointMarginals(simulator, counted, settings.Bins,
                new ChainSettings { Chains = chains, Steps = settings.Steps, Burn = settings.Burn, Seed = settings.Seed });
        var cells = _masks.Sum(mask => Histogram.CellCount(mask, settings.Bins));
        var fill = _grids.Count > 0 ? settings.BatchSize / _grids.Min(grid => grid.Cells) : 1;
        ObservationsAtOnce = (int)Math.Max(1, Math.Min(fill, MostValues / cells));
    }

    /// <summary>As many observations as fill one batch on the smallest grid; never so many that their histograms crowd the memory.</summary>
    public int ObservationsAtOnce { get; }

    /// <returns>Null when the estimator can give none of the masks asked for.</returns>
    public static MarginalSource? Of(EvaluateSettings settings, ISimulator simulator, IMarginalPosterior posterior)
    {
        var masks = EvaluateSettingsFaults.Masks(settings, simulator);
        var gridded = masks.Where(posterior.Covers).ToList();
        var joint = posterior.Covers(ParameterMask.Full(simulator.ThetaSize));
        var counted = joint ? masks.Except(gridded).ToList() : [];
        return gridded.Count + counted.Count > 0 ? new MarginalSource(settings, simulator, posterior, gridded, counted) : null;
    }

    /// <param name="x">(count, observation size).</param>
    /// <param name="first">Index of the first of the observations.</param>
    /// <returns>For each observation its marginals, with the sum of masses before normalising.</returns>
    public IReadOnlyList<IReadOnlyList<(Histogram Histogram, double Total)>> Evaluate(ReadOnlySpan<float> x, int first, int count, CancellationToken stop)
    {
        var result = new List<List<(Histogram, double)>>();
        for (var i = 0; i < count; i++) result.Add([]);
        foreach (var grid in _grids)
        {
            stop.ThrowIfCancellationRequested();
            var marginals = grid.Evaluate(_posterior, x, count, _batchSize);
            for (var i = 0; i < count; i++) result[i].Add(marginals[i]);
        }

        if (_joint is null) return result;
        var size = x.Length / count;
        for (var i = 0; i < count; i++)
            // The chains never leave the prior's support, so no mass is missing.
            result[i].AddRange(_joint.Evaluate(_posterior, x.Slice(i * size, size), first + i, stop).Select(histogram => (histogram, 1.0)));
        return result;
    }
}
