using Amnre.Engine.Drawing;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;
using ScottPlot;

namespace Amnre.Engine.Figures;

/// <summary>Means and standard deviations over observations of what evaluations measured, by mask and method: total probability,
/// entropy, and distance and divergence to the truth where the tables have them.</summary>
internal static class ErrorFigure
{
    private const float Width = 340, RowHeight = 19, Frame = 62;

    /// <summary>The original's older tables call the distance <c>wd_truth</c>.</summary>
    private static readonly (string Name, string Label, string[] Columns)[] Metrics =
    [
        ("probability", "Total probability", ["total_probability"]),
        ("entropy", "Entropy", ["entropy"]),
        ("distance", "Earth mover's distance to the truth", ["wd_truth", "emd_truth"]),
        ("divergence", "KL divergence of the truth", ["kl_truth"]),
    ];

    /// <param name="legend">A name for each series.</param>
    /// <param name="series">For each method its tables; methods without any are left out.</param>
    /// <returns>Each figure with the name that its file ends in.</returns>
    /// <exception cref="InputException">Methods that share no observation, or tables of another kind.</exception>
    public static IReadOnlyList<(string Name, Picture Picture)> Of(
        ISimulator simulator, IReadOnlyList<string> legend, IReadOnlyList<IReadOnlyList<string>> series)
    {
        string[] columns = [.. Metrics.SelectMany(metric => metric.Columns), "entropy_truth"];
        var methods = series.Select(
            (paths, i) => EvaluationSeries.Read(i < legend.Count ? legend[i] : $"{i + 1}", paths, simulator, columns)).ToList();
        var masks = methods.SelectMany(method => method.Masks).Distinct().ToList();
        var pictures = new List<(string, Picture)>();
        foreach (var (name, label, wanted) in Metrics)
        {
            var rows = methods.Select(
                (method, i) => (method.Name, Color: FigureStyle.ColorOf(i), Points: Points(methods, method, masks, wanted))).ToList();
            if (name == "entropy" && Truth(methods, masks) is { Count: > 0 } truth) rows.Insert(0, ("truth", Colors.Black, truth));
            if (rows.Exists(row => row.Points.Count > 0)) pictures.Add((name, Draw(simulator, masks, label, rows, name == "probability")));
        }

        return pictures.Count > 0 ? pictures : throw new InputException("these tables hold no results: expected those of evaluations");
    }

    /// <summary>Mean and deviation by mask, over the observations that all methods with the mask share.</summary>
    private static Dictionary<ParameterMask, (double Mean, double Deviation)> Points(
        List<EvaluationSeries> methods, EvaluationSeries method, List<ParameterMask> masks, string[] columns)
    {
        var points = new Dictionary<ParameterMask, (double, double)>();
        foreach (var mask in masks)
        {
            var column = Array.Find(columns, column => method.Observations(mask, column).Count > 0);
            if (column is null) continue;
            var shared = method.Observations(mask, column);
            foreach (var other in methods)
            {
                var observations = columns.SelectMany(name => other.Observations(mask, name)).ToHashSet();
                if (observations.Count > 0) shared.IntersectWith(observations);
            }

            if (shared.Count == 0)
                throw new InputException(
                    $"the tables share no observation of mask {mask}, so that their methods cannot be compared: evaluate the same rows");
            points[mask] = Spread(method.Values(mask, column, shared));
        }

        return points;
    }

    private static Dictionary<ParameterMask, (double Mean, double Deviation)> Truth(List<EvaluationSeries> methods,
        List<ParameterMask> masks)
    {
        var points = new Dictionary<ParameterMask, (double, double)>();
        foreach (var mask in masks)
        {
            // Every repetition repeats the truth of an observation, which counts once.
            var method = methods.Find(method => method.Observations(mask, "entropy_truth").Count > 0);
            if (method is null) continue;
            points[mask] = Spread(
                [.. method.Observations(mask, "entropy_truth").Select(index => method.Values(mask, "entropy_truth", [index]).Average())]);
        }

        return points;
    }

    private static (double Mean, double Deviation) Spread(List<double> values)
    {
        var mean = values.Average();
        return (mean, values.Count > 1 ? Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1)) : 0);
    }

    private static Picture Draw(
        ISimulator simulator, List<ParameterMask> masks, string label,
        List<(string Name, Color Color, Dictionary<ParameterMask, (double Mean, double Deviation)> Points)> rows, bool around1)
    {
        var plot = FigureStyle.NewPlot();
        plot.XLabel(label);
        if (around1)
        {
            var one = plot.Add.VerticalLine(1, 1, Colors.Black, FigureStyle.Dashed);
            one.LabelText = "";
        }

        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var row = 0; row < rows.Count; row++)
        {
            foreach (var (mask, (mean, deviation)) in rows[row].Points)
            {
                // The methods of a mask share the middle 70 % of its row, the first on top.
                var y = -masks.IndexOf(mask) - 0.7 * ((row + 0.5) / rows.Count - 0.5);
                var bar = plot.Add.Line(mean - deviation, y, mean + deviation, y);
                (bar.LineColor, bar.LineWidth) = (rows[row].Color, FigureStyle.LineWidth);
                plot.Add.Marker(mean, y, MarkerShape.FilledCircle, 4.5f, rows[row].Color);
                (low, high) = (Math.Min(low, mean - deviation), Math.Max(high, mean + deviation));
            }
        }

        var margin = 0.06 * Math.Max(high - low, 1e-3 * Math.Max(1, Math.Abs(high)));
        plot.Axes.SetLimits(low - margin, high + margin, -masks.Count + 0.4, 0.6);
        plot.Axes.Bottom.TickGenerator = FigureStyle.Ticks(5);
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericManual(
            [.. masks.Select((_, i) => (double)-i)], [.. masks.Select(mask => MaskLabel.Of(simulator, mask))]);
        var entries = rows.Where(row => row.Points.Count > 0).Select(row => FigureStyle.Entry(row.Name, row.Color, LinePattern.Solid))
            .ToArray();
        FigureStyle.LegendBeside(plot, entries);
        return FigureStyle.PictureOf(plot, Width + 70, Frame + RowHeight * Math.Max(masks.Count, 4));
    }
}
