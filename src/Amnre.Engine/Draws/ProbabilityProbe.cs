using System.Globalization;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Sampling;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Draws;

/// <summary>Looks before draws are made whether a model gives an observation any probability, on grids small enough to cost nothing beside
/// the draws: each parameter alone where the model covers it, and the masks that are drawn from where they are small.</summary>
internal sealed class ProbabilityProbe
{
    private const int Bins = 100;
    private const long MaxCells = 10_000;

    private readonly IMarginalPosterior _posterior;
    private readonly int _batchSize;
    private readonly IReadOnlyList<MarginalGrid> _grids;

    public ProbabilityProbe(EvaluateSettings settings, ISimulator simulator, IMarginalPosterior posterior, IEnumerable<ParameterMask> masks)
    {
        (_posterior, _batchSize) = (posterior, settings.BatchSize);
        var alone = MaskList.Expand(["=1"], simulator.ThetaSize, null, out _).Where(posterior.Covers);
        _grids = [.. alone.Union(masks.Where(mask => Histogram.CellCount(mask, Bins) <= MaxCells))
            .Select(mask => new MarginalGrid(simulator, mask, Bins))];
    }

    /// <param name="x">One observation, standardised as the model's training data were.</param>
    /// <returns>A clause that says so where it gives none; null where it does.</returns>
    public string? Error(ReadOnlySpan<float> x)
    {
        foreach (var grid in _grids)
        {
            var (histogram, total) = grid.Evaluate(_posterior, x, 1, _batchSize)[0];
            if (NoProbability.Is(total, _posterior.HasFreeFactor))
                return string.Create(CultureInfo.InvariantCulture,
                    $"the model gives it no probability (total {total:0.####e+0} of mask {histogram.Mask} instead of 1)");
        }

        return null;
    }
}
