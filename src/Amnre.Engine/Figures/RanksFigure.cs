using Amnre.Engine.Drawing;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;
using ScottPlot;

namespace Amnre.Engine.Figures;

/// <summary>Simulation-based calibration: a histogram of the true parameters' ranks for each parameter, with the band in which 95 % of
/// uniform ranks lie. A colour for each mask, a line pattern for each series.</summary>
internal static class RanksFigure
{
    private const float Wide = 190, High = 150, LegendRoom = 150, Caption = 18;
    private const int MaxColumns = 4;

    private const string Good = "Good: flat, 95 % of bins within the grey band. High at both ends: too sure; high in the middle: too " +
        "cautious; a slope: biased.";

    /// <param name="simulator">Gives the labels.</param>
    /// <param name="legend">A name for each series, or none.</param>
    /// <param name="series">For each series its tables of ranks.</param>
    /// <exception cref="InputException">Tables of another kind.</exception>
    public static Picture Of(ISimulator simulator, IReadOnlyList<string> legend, IReadOnlyList<IReadOnlyList<string>> series)
    {
        var bins = series.Select(paths => RankBins.Read(paths, simulator)).ToList();
        List<ParameterMask> masks = [.. bins.SelectMany(one => one).Select(one => one.Mask).Distinct()];
        int[] parameters = [.. bins.SelectMany(one => one).Select(one => one.Parameter).Distinct().Order()];
        var columns = Math.Min(MaxColumns, parameters.Length);
        var rows = (parameters.Length + columns - 1) / columns;
        var plots = parameters.Select((parameter, place) => Panel(parameter, place % columns == 0)).ToList();
        return new Picture(columns * Wide + LegendRoom, Math.Max(rows * High, High) + Caption, canvas =>
        {
            for (var place = 0; place < plots.Count; place++)
            {
                var (left, top) = (place % columns * Wide, Caption + place / columns * High);
                plots[place].Render(canvas, new PixelRect(left + 3, left + Wide - 3, top + High - 3, top));
            }

            FigureStyle.DrawEntries(canvas, Entries(), columns * Wide + 6, Caption);
            FigureStyle.DrawText(canvas, Good, 6, Caption - 5);
        });

        Plot Panel(int parameter, bool first)
        {
            var plot = FigureStyle.NewPlot();
            plot.XLabel($"rank of {simulator.Labels[parameter]}", FigureStyle.LabelSize - 1);
            if (first) plot.YLabel("frequency / uniform", FigureStyle.LabelSize - 2);
            var shown = bins.SelectMany((one, i) => one.Where(own => own.Parameter == parameter).Select(own => (Series: i, Bins: own)))
                .ToList();
            // Of the fewest observations, whose band is the widest.
            var narrow = shown.MinBy(one => one.Bins.Rows).Bins;
            var (edges, low) = Steps(narrow.Edges, [.. narrow.Band.Select(one => one.Low)]);
            FigureStyle.AddBand(
                plot, edges, low, Steps(narrow.Edges, [.. narrow.Band.Select(one => one.High)]).Values, FigureStyle.BandColor);
            foreach (var (i, own) in shown)
            {
                var (x, y) = Steps(own.Edges, own.Relative);
                var line = plot.Add.ScatterLine(x, y, Color(own.Mask));
                (line.LineWidth, line.LinePattern) = (FigureStyle.LineWidth, Pattern(i, own.Mask));
            }

            plot.Axes.SetLimits(0, 1, 0, 1.1 * Math.Max(2, shown.Max(one => one.Bins.Relative.Max())));
            plot.Axes.Bottom.TickGenerator = FigureStyle.Ticks(3);
            plot.Axes.Left.TickGenerator = FigureStyle.Ticks(4);
            return plot;
        }

        Color Color(ParameterMask mask) => FigureStyle.ColorOf(masks.IndexOf(mask));

        LinePattern Pattern(int i, ParameterMask mask) => FigureStyle.PatternOf(i + masks.IndexOf(mask) / FigureStyle.ColorCount);

        IReadOnlyList<LegendItem> Entries()
        {
            var several = bins.Count > 1;
            return [.. bins.SelectMany((one, i) => one.Select(own => own.Mask).Distinct().Select(mask => FigureStyle.Entry(
                several && i < legend.Count ? $"{legend[i]}, {MaskLabel.Of(simulator, mask)}" : MaskLabel.Of(simulator, mask),
                Color(mask), Pattern(i, mask)))),
                FigureStyle.BandEntry($"uniform, n = {bins.SelectMany(one => one).Min(one => one.Rows)}")];
        }
    }

    private static (double[] Edges, double[] Values) Steps(double[] edges, double[] values) => (
        [.. values.SelectMany((_, bin) => (double[])[edges[bin], edges[bin + 1]])],
        [.. values.SelectMany(value => (double[])[value, value])]);
}
