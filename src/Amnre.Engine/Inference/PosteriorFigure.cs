using Amnre.Engine.ChainRule;
using Amnre.Engine.CornerPlots;
using Amnre.Engine.Drawing;
using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Sampling;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Inference;

/// <summary>A corner figure of one posterior, drawn where it has its mass.</summary>
internal sealed class PosteriorFigure
{
    private const int Bins1 = 200, Bins2 = 64, DrawBins1 = 60, DrawBins2 = 36, BatchSize = 1 << 14;

    /// <summary>Mass beyond each end of an axis, room around the rest, and the part of the prior from which on all of it is
    /// shown.</summary>
    private const double Tail = 0.0005, Room = 0.12, Whole = 0.6;

    private static readonly double[] Regions = [0.6827, 0.9545];

    private readonly ZoomedPrior _seen;
    private readonly ParameterMask _mask;
    private readonly List<IHistogram> _histograms = [];
    private readonly double _smooth;

    /// <param name="simulator">Gives labels and the prior.</param>
    /// <param name="posterior">Asked for single parameters and pairs where it knows them.</param>
    /// <param name="x">The observation, as the estimator takes it.</param>
    /// <param name="mask">The parameters shown.</param>
    /// <param name="draws">Of these; the rest is counted from them.</param>
    /// <param name="points">Of each parameter of the simulator that is shown.</param>
    public PosteriorFigure(
        ISimulator simulator, IMarginalPosterior posterior, ReadOnlySpan<float> x, ParameterMask mask, float[] draws,
        IReadOnlyList<MarginalPoints> points)
    {
        _mask = mask;
        var (low, high) = (simulator.Low.ToArray(), simulator.High.ToArray());
        foreach (var (place, parameter) in mask.Indices().Index())
            (low[parameter], high[parameter]) =
                Bounds(points[place], low[parameter], high[parameter], simulator.IsLogarithmic(parameter));
        _seen = new ZoomedPrior(simulator, low, high);
        foreach (var part in Parts(mask))
        {
            var pair = part.Count > 1;
            if (posterior.Covers(part))
                _histograms.Add(new MarginalGrid(_seen, part, pair ? Bins2 : Bins1).Evaluate(posterior, x, 1, BatchSize)[0].Histogram);
            else
            {
                _histograms.Add(Counted(part, pair ? DrawBins2 : DrawBins1, draws));
                _smooth = 1;
            }
        }
    }

    /// <param name="title">Above it; empty for none.</param>
    public Picture Picture(string title) =>
        CornerFigure.Of(_seen, _mask, new CornerPanels(_seen, [HistogramSeries.Of(_histograms, _smooth)], Regions, star: null), [])
        .Titled(title);

    private static IEnumerable<ParameterMask> Parts(ParameterMask mask)
    {
        var indices = mask.Indices();
        for (var i = 0; i < indices.Length; i++)
            for (var j = 0; j <= i; j++) yield return new ParameterMask(1u << indices[i] | 1u << indices[j], mask.Size);
    }

    private static (float Low, float High) Bounds(MarginalPoints marginal, float low, float high, bool isLogarithmic)
    {
        var points = marginal.Points;
        double Seen(double value) => isLogarithmic ? Math.Log(value) : value;
        float Value(double seen) => (float)(isLogarithmic ? Math.Exp(seen) : seen);
        var (from, to) = (Seen(points[(int)(Tail * points.Count)].Value), Seen(points[(int)((1 - Tail) * (points.Count - 1))].Value));
        var (least, most) = (Seen(low), Seen(high));
        var room = Math.Max(to - from, 1e-6 * (most - least)) * Room;
        (from, to) = (Math.Max(least, from - room), Math.Min(most, to + room));
        return to - from > Whole * (most - least) ? (low, high) : (Value(from), Value(to));
    }

    private Histogram Counted(ParameterMask part, int bins, float[] draws)
    {
        var (size, values) = (_mask.Count, new float[Histogram.CellCount(part, bins)]);
        var places = part.Indices().Select(parameter => (Parameter: parameter, Place: Array.IndexOf(_mask.Indices(), parameter))).ToArray();
        var weight = (float)size / draws.Length;
        for (var row = 0; row < draws.Length; row += size)
        {
            var cell = 0;
            foreach (var (parameter, place) in places)
                cell = cell * bins + CellAxis.Of(_seen, parameter).CellOf(draws[row + place], bins);
            values[cell] += weight;
        }

        return new Histogram(part, bins, values);
    }
}
