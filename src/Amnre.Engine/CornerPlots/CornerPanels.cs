using Amnre.Engine.Drawing;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;
using ScottPlot;

namespace Amnre.Engine.CornerPlots;

/// <summary>Draws single marginals of several series over each other.</summary>
internal sealed class CornerPanels(
    ISimulator simulator, IReadOnlyList<HistogramSeries> series, IReadOnlyList<double> quantiles, float[]? star)
{
    public int SeriesCount => series.Count;

    /// <summary>Masses of the regions, the smallest first.</summary>
    public IReadOnlyList<double> Quantiles { get; } = [.. quantiles.Order()];

    public bool HasStar => star is not null;

    /// <summary>Opacity of a region; regions lie over each other, so the inner ones get darker.</summary>
    public double Opacity => 0.5 / Quantiles.Count;

    public Plot Density(int parameter)
    {
        var plot = FigureStyle.NewPlot();
        var (low, high) = Bounds(parameter);
        var peak = 0.0;
        for (var i = 0; i < series.Count; i++)
        {
            if (series[i].Find(Mask(parameter)) is not { } histogram) continue;
            var (bins, width) = (histogram.Bins, (high - low) / histogram.Bins);
            var steps = new List<Coordinates>();
            for (var cell = 0; cell < bins; cell++)
            {
                var density = histogram.Values[cell] / width;
                steps.Add(new Coordinates(low + cell * width, density));
                steps.Add(new Coordinates(low + (cell + 1) * width, density));
                peak = Math.Max(peak, density);
            }

            var line = plot.Add.ScatterLine(steps, FigureStyle.ColorOf(i));
            line.LineWidth = 1.2f;
        }

        plot.Axes.SetLimits(low, high, 0, peak > 0 ? 1.12 * peak : 1);
        if (star is not null)
        {
            var truth = plot.Add.VerticalLine(Seen(parameter, star[parameter]), 1, Colors.Black, FigureStyle.Dashed);
            truth.LabelText = "";
        }

        return plot;
    }

    public Plot Regions(int x, int y)
    {
        var plot = FigureStyle.NewPlot();
        var (lowX, highX) = Bounds(x);
        var (lowY, highY) = Bounds(y);
        for (var i = 0; i < series.Count; i++)
        {
            // Axes follow the order of parameters, x before y, as the histogram's dimensions do.
            if (series[i].Find(new ParameterMask(Mask(x).Bits | Mask(y).Bits, simulator.ThetaSize)) is not { } histogram) continue;
            var color = FigureStyle.ColorOf(i);
            foreach (var level in DensityRegions.Levels(histogram.Values, Quantiles).Reverse())
            {
                var rings = ContourRings.Of(histogram.Values, histogram.Bins, level).Select(ring => Array.ConvertAll(
                    ring, point => new Coordinates(lowX + point.X * (highX - lowX), lowY + point.Y * (highY - lowY))));
                plot.Add.Plottable(new RegionPlottable([.. rings], color.WithAlpha(Opacity), color, 0.8f));
            }
        }

        plot.Axes.SetLimits(lowX, highX, lowY, highY);
        if (star is not null)
            plot.Add.Plottable(new RegionPlottable(
                [StarShape.Around(Seen(x, star[x]), Seen(y, star[y]), 0.055 * (highX - lowX), 0.055 * (highY - lowY))],
                Colors.Black, Colors.White, 0.6f));
        return plot;
    }

    /// <summary>Where a value lies on the axis of a parameter: at its decimal logarithm where the cells are logarithmic.</summary>
    private double Seen(int parameter, float value) => simulator.IsLogarithmic(parameter) ? Math.Log10(value) : value;

    private (double Low, double High) Bounds(int parameter) =>
        (Seen(parameter, simulator.Low[parameter]), Seen(parameter, simulator.High[parameter]));

    private ParameterMask Mask(int parameter) => new(1u << parameter, simulator.ThetaSize);
}
