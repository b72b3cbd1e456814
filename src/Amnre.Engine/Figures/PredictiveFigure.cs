using Amnre.Engine.Drawing;
using Amnre.Engine.Simulators;
using ScottPlot;

namespace Amnre.Engine.Figures;

/// <summary>An observation over the quantiles of what is simulated from draws of its posterior, a panel for each series. Few values are
/// shown in units of their own spread, since they may be of different kinds; many are a curve in their own units.</summary>
internal static class PredictiveFigure
{
    private const float Width = 470, High = 210, LegendRoom = 170;
    private const int MostApart = 32;

    /// <summary>Opacities of the bands that hold 95 and 68 %, which lie over each other.</summary>
    private const double Outer = 0.15, Inner = 0.25;

    /// <param name="simulator">Whose observations.</param>
    /// <param name="legend">A name for each series, or none.</param>
    /// <param name="series">For each series one file of draws with predictions; of several the first is shown.</param>
    /// <param name="row">The observation; null for the first that each file has.</param>
    /// <exception cref="InputException">Files of another kind, or without the row.</exception>
    public static Picture Of(ISimulator simulator, IReadOnlyList<string> legend, IReadOnlyList<IReadOnlyList<string>> series, int? row)
    {
        var plots = series.Where(paths => paths.Count > 0)
            .Select((paths, i) => Panel(PredictiveRow.Read(paths[0], row, simulator), i < legend.Count ? legend[i] : ""))
            .ToList();
        IReadOnlyList<LegendItem> entries =
        [
            simulator.ObservationSize <= MostApart ? FigureStyle.PointEntry("observed", Colors.Black)
                : FigureStyle.Entry("observed", Colors.Black, LinePattern.Solid),
            FigureStyle.Entry("median", FigureStyle.ColorOf(0), LinePattern.Solid),
            FigureStyle.BandEntry("68 % of predictions", FigureStyle.ColorOf(0).WithAlpha(Outer + Inner)),
            FigureStyle.BandEntry("95 % of predictions", FigureStyle.ColorOf(0).WithAlpha(Outer)),
        ];
        return new Picture(Width + LegendRoom, plots.Count * High, canvas =>
        {
            for (var i = 0; i < plots.Count; i++)
                plots[i].Render(canvas, new PixelRect(3, Width - 3, (i + 1) * High - 3, i * High + 2));
            FigureStyle.DrawEntries(canvas, entries, Width + 6, 22);
        });
    }

    private static Plot Panel(PredictiveRow shown, string name)
    {
        var (quantiles, isApart) = (shown.Quantiles(), shown.Observed.Length <= MostApart);
        var inside = quantiles.Where((own, i) => shown.Observed[i] >= own[0] && shown.Observed[i] <= own[4]).Count();
        var plot = FigureStyle.NewPlot();
        plot.Title($"{(name.Length > 0 ? $"{name}, " : "")}row {shown.Row}: {inside} of {quantiles.Length} values within 95 % of " +
            "predictions (about 95 % of them is good)", FigureStyle.LegendSize);
        plot.Axes.Title.Label.Bold = false;
        plot.Axes.Title.Label.FontName = FigureFont.Name;
        plot.XLabel("place in the observation", FigureStyle.LabelSize - 1);
        plot.YLabel(isApart ? "(value − median) / spread" : "value", FigureStyle.LabelSize - 1);
        double Seen(double value, int i) => isApart ? (value - quantiles[i][2]) / Spread(quantiles[i]) : value;
        int[] known = [.. Enumerable.Range(0, quantiles.Length).Where(i => double.IsFinite(quantiles[i][2]))];
        // Without quantiles a value has nothing to be compared with.
        if (known.Length == 0) throw new InputException($"no prediction of row {shown.Row} is a number: look at the simulator");
        var half = isApart ? 0.32 : 0;
        foreach (var (low, high, alpha) in ((int, int, double)[])[(0, 4, Outer), (1, 3, Inner)])
        {
            if (isApart)
            {
                foreach (var i in known)
                {
                    var box = plot.Add.Rectangle(i - half, i + half, Seen(quantiles[i][low], i), Seen(quantiles[i][high], i));
                    (box.FillColor, box.LineWidth) = (FigureStyle.ColorOf(0).WithAlpha(alpha), 0);
                }

                continue;
            }

            FigureStyle.AddBand(plot, [.. known.Select(i => (double)i)], [.. known.Select(i => quantiles[i][low])],
                [.. known.Select(i => quantiles[i][high])], FigureStyle.ColorOf(0).WithAlpha(alpha));
        }

        double[] places = [.. known.Select(i => (double)i)], observed = [.. known.Select(i => Seen(shown.Observed[i], i))];
        if (isApart)
        {
            foreach (var i in known)
            {
                var median = plot.Add.Line(i - half, Seen(quantiles[i][2], i), i + half, Seen(quantiles[i][2], i));
                (median.LineColor, median.LineWidth) = (FigureStyle.ColorOf(0), FigureStyle.LineWidth);
            }

            var points = plot.Add.ScatterPoints(places, observed, Colors.Black);
            points.MarkerSize = 5;
        }
        else
        {
            plot.Add.ScatterLine(places, [.. known.Select(i => quantiles[i][2])], FigureStyle.ColorOf(0)).LineWidth = 0.8f;
            plot.Add.ScatterLine(places, observed, Colors.Black).LineWidth = 0.8f;
        }

        var values = known.SelectMany(i => (double[])[Seen(quantiles[i][0], i), Seen(quantiles[i][4], i)]).Concat(observed).ToList();
        var room = Math.Max(0.06 * (values.Max() - values.Min()), 1e-6);
        plot.Axes.SetLimits(-0.7, quantiles.Length - 0.3, values.Min() - room, values.Max() + room);
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic
        {
            TargetTickCount = 8,
            IntegerTicksOnly = true,
            LabelFormatter = FigureStyle.Number,
        };
        return plot;
    }

    /// <summary>Half of what holds 68 % of the predictions; 1 where they do not vary.</summary>
    private static double Spread(double[] quantiles) => (quantiles[3] - quantiles[1]) / 2 is var half and > 0 ? half : 1;
}
