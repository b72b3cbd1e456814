using Amnre.Engine.Drawing;
using Amnre.Engine.Tables;
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
        var lines = new List<LossLine>();
        var lastEpoch = 1.0;
        for (var i = 0; i < series.Count; i++)
        {
            foreach (var path in series[i])
            {
                var history = HistoryFile.Read(path);
                if (history.Count == 0) throw new InputException($"table '{path}' has no rows: make it again");
                double[] epochs = [.. history.Select(epoch => epoch.Epoch)];
                lastEpoch = Math.Max(lastEpoch, epochs[^1]);
                if (history[0].ValidationMean is not null)
                    lines.Add(LossLine.Of(epochs, [.. history.Select(epoch => (double)epoch.ValidationMean!)], i, isValidation: true));
                lines.Add(LossLine.Of(epochs, [.. history.Select(epoch => (double)epoch.Mean)], i, isValidation: false));
            }
        }

        var validation = lines.Where(line => line.IsValidation).SelectMany(line => line.Losses).ToList();
        var training = lines.Where(line => !line.IsValidation).SelectMany(line => line.Losses).ToList();
        if (training.Count + validation.Count == 0)
            throw new InputException("no loss in these tables is a number: look at the training runs");
        plot.Axes.SetLimitsX(1 - 0.02 * lastEpoch, 1.02 * lastEpoch);
        var (low, high) = Range(validation, training, lines.Where(line => line.Epochs.Count > 0).Max(line => line.Losses[0]));
        plot.Axes.SetLimitsY(low, high);
        foreach (var line in lines.Where(line => line.Epochs.Count > 0)) Add(plot, line.Within(low - (high - low), high + (high - low)));
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic
        {
            TargetTickCount = 10,
            IntegerTicksOnly = true,
            LabelFormatter = FigureStyle.Number,
        };
        FigureStyle.LegendBeside(plot, Legend(legend, validation.Count > 0));
        return FigureStyle.PictureOf(plot, Width, Height);
    }

    private static void Add(Plot plot, LossLine shown)
    {
        var color = FigureStyle.ColorOf(shown.Series);
        var line = plot.Add.Scatter(shown.Epochs.ToArray(), shown.Losses.ToArray(), shown.IsValidation ? color : color.WithAlpha(0.55));
        line.LineWidth = FigureStyle.LineWidth;

        // A single epoch has no line to draw.
        if (shown.Epochs.Count == 1) line.MarkerSize = 6;
        else (line.LinePattern, line.MarkerSize) = (shown.IsValidation ? LinePattern.Solid : FigureStyle.Dashed, 0);
    }

    /// <summary>The range of the usual validation losses and an eighth more, but no more than everything takes: the first training
    /// losses, far above, or one training that diverges would squeeze the rest.</summary>
    /// <param name="validation">Validation losses of all trainings.</param>
    /// <param name="training">Training losses of all trainings.</param>
    /// <param name="start">The greatest first loss of a training.</param>
    internal static (double Low, double High) Range(List<double> validation, List<double> training, double start)
    {
        var all = validation.Concat(training).ToList();
        var main = Typical(validation.Count > 0 ? validation : training, start);
        var margin = Math.Max(0.125 * (main.Max() - main.Min()), 1e-3 * Math.Max(1e-3, Math.Abs(main.Max())));
        var slack = Math.Max(0.05 * (all.Max() - all.Min()), 0.5 * margin);
        return (Math.Max(main.Min() - margin, all.Min() - slack), Math.Min(main.Max() + margin, all.Max() + slack));
    }

    /// <summary>All but those that are both above where trainings start and more than twenty interquartile ranges above the
    /// median.</summary>
    private static List<double> Typical(List<double> losses, double start)
    {
        const double Reach = 20;
        var sorted = losses.Order().ToList();
        var highest = sorted[sorted.Count / 2] + Reach * (sorted[sorted.Count * 3 / 4] - sorted[sorted.Count / 4]);
        return sorted.FindAll(loss => loss <= Math.Max(start, highest));
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
