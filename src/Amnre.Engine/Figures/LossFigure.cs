using ScottPlot;

namespace Amnre.Engine.Figures;

/// <summary>Loss over epochs: validation solid, training dashed and pale, a colour for each series.</summary>
internal static class LossFigure
{
    private const float Width = 470, Height = 280;

    /// <param name="legend">A name for each series, or none.</param>
    /// <param name="series">For each series its tables of statistics.</param>
    public static Picture Of(IReadOnlyList<string> legend, IReadOnlyList<IReadOnlyList<string>> series)
    {
        var plot = FigureStyle.NewPlot();
        plot.XLabel("Epoch");
        plot.YLabel("Loss");
        var (validation, training) = (new List<double>(), new List<double>());
        var lastEpoch = 1.0;
        for (var i = 0; i < series.Count; i++)
        {
            foreach (var path in series[i])
            {
                var table = CsvTable.Read(path);
                var epochs = table.Numbers("epoch");
                lastEpoch = Math.Max(lastEpoch, epochs[^1]);
                if (table.Has("v_mean")) Add(plot, epochs, table.Numbers("v_mean"), FigureStyle.ColorOf(i), LinePattern.Solid, validation);
                Add(plot, epochs, table.Numbers("mean"), FigureStyle.ColorOf(i).WithAlpha(0.55), FigureStyle.Dashed, training);
            }
        }

        if (training.Count + validation.Count == 0)
            throw new InputException("no loss in these tables is a number: look at the training runs");
        plot.Axes.SetLimitsX(1 - 0.02 * lastEpoch, 1.02 * lastEpoch);
        var (low, high) = Range(validation, training);
        plot.Axes.SetLimitsY(low, high);
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic
        {
            TargetTickCount = 10,
            IntegerTicksOnly = true,
            LabelFormatter = FigureStyle.Number,
        };
        FigureStyle.LegendBeside(plot, Legend(legend, validation.Count > 0));
        return FigureStyle.PictureOf(plot, Width, Height);
    }

    private static void Add(
        Plot plot, IReadOnlyList<double> epochs, IReadOnlyList<double> losses, Color color, LinePattern pattern, List<double> all)
    {
        var points = epochs.Zip(losses).Where(point => double.IsFinite(point.Second)).ToList();
        if (points.Count == 0) return;
        all.AddRange(points.Select(point => point.Second));
        var line = plot.Add.Scatter([.. points.Select(point => point.First)], points.ConvertAll(point => point.Second).ToArray(), color);
        line.LineWidth = FigureStyle.LineWidth;

        // A single epoch has no line to draw.
        if (points.Count == 1) line.MarkerSize = 6;
        else (line.LinePattern, line.MarkerSize) = (pattern, 0);
    }

    /// <summary>The range of the validation losses and an eighth more, but no more than everything takes: the first training
    /// losses, far above, would squeeze the rest.</summary>
    private static (double Low, double High) Range(List<double> validation, List<double> training)
    {
        var all = validation.Concat(training).ToList();
        var main = validation.Count > 0 ? validation : training;
        var margin = Math.Max(0.125 * (main.Max() - main.Min()), 1e-3 * Math.Max(1e-3, Math.Abs(main.Max())));
        var slack = Math.Max(0.05 * (all.Max() - all.Min()), 0.5 * margin);
        return (Math.Max(main.Min() - margin, all.Min() - slack), Math.Min(main.Max() + margin, all.Max() + slack));
    }

    private static List<LegendItem> Legend(IReadOnlyList<string> legend, bool hasValidation)
    {
        var items = legend.Select((text, i) => FigureStyle.Entry(text, FigureStyle.ColorOf(i), LinePattern.Solid)).ToList();
        var neutral = legend.Count > 1 ? Colors.Black : FigureStyle.ColorOf(0);
        if (hasValidation) items.Add(FigureStyle.Entry("validation", neutral, LinePattern.Solid));
        items.Add(FigureStyle.Entry("training", neutral.WithAlpha(0.55), FigureStyle.Dashed));
        return items;
    }
}
