using Amnre.Engine.Drawing;
using ScottPlot;

namespace Amnre.Engine.Benchmarks;

/// <summary>C2ST against the budget, a panel for each task: methods in colour, published ones dashed and paler.</summary>
internal static class BenchmarkFigure
{
    private const float Wide = 215, High = 190, LegendRoom = 150, Caption = 22;

    private const int MaxColumns = 4;

    /// <summary>Published methods that learn one network for all observations, as those compared do.</summary>
    private static readonly string[] Shown = ["NRE-B", "NRE-C", "NPE"];

    /// <param name="cells">Those without a number leave a gap.</param>
    public static Picture Of(IReadOnlyList<BenchmarkCell> cells)
    {
        List<string> tasks = [.. cells.Select(cell => cell.Task).Distinct()], methods = [.. cells.Select(cell => cell.Method).Distinct()];
        var budgets = cells.Select(cell => cell.Budget).Distinct().Order().ToList();
        var columns = Math.Min(MaxColumns, tasks.Count);
        var plots = tasks.Select(Panel).ToList();
        var rows = (tasks.Count + columns - 1) / columns;
        var legend = methods.Select((method, i) => FigureStyle.Entry(method, FigureStyle.ColorOf(i), LinePattern.Solid))
            .Concat(Shown.Select((method, i) => FigureStyle.Entry($"{method}, published", Paler(i), FigureStyle.PatternOf(i + 1))))
            .ToList();
        return new Picture(columns * Wide + LegendRoom, rows * High + Caption, canvas =>
        {
            for (var i = 0; i < plots.Count; i++)
            {
                var (left, top) = (i % columns * Wide, Caption + i / columns * High);
                plots[i].Render(canvas, new PixelRect(left + 3, left + Wide - 3, top + High - 3, top));
            }

            FigureStyle.DrawEntries(canvas, legend, columns * Wide + 6, Caption);
            FigureStyle.DrawText(canvas, "C2ST of all parameters together: ½ is best, 1 worst", 6, Caption - 7);
        });

        Plot Panel(string task, int place)
        {
            var plot = FigureStyle.NewPlot();
            plot.XLabel($"simulations, {task}", FigureStyle.LabelSize - 2);
            if (place % columns == 0) plot.YLabel("C2ST", FigureStyle.LabelSize - 1);
            foreach (var (i, method) in Shown.Index())
            {
                var column = PublishedResults.Methods.Index().First(one => one.Item == method).Index;
                Add(plot, [.. budgets.Where(budget => PublishedResults.Of(task, budget) is not null)
                    .Select(budget => ((double)budget, PublishedResults.Of(task, budget)![column]))],
                    Paler(i), FigureStyle.PatternOf(i + 1), 0);
            }

            foreach (var (i, method) in methods.Index())
                Add(plot, [.. cells.Where(cell => cell.Task == task && cell.Method == method && cell.Joint is not null)
                    .OrderBy(cell => cell.Budget).Select(cell => ((double)cell.Budget, cell.Joint!.Value))],
                    FigureStyle.ColorOf(i), LinePattern.Solid, 4.5f);
            plot.Axes.SetLimits(Math.Log10(budgets[0]) - 0.2, Math.Log10(budgets[^1]) + 0.2, 0.47, 1.02);
            plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericManual(
                [.. budgets.Select(budget => Math.Log10(budget))], [.. budgets.Select(Budget)]);
            plot.Axes.Left.TickGenerator = FigureStyle.Ticks(6);
            return plot;
        }
    }

    private static void Add(Plot plot, IReadOnlyList<(double Budget, double Value)> points, Color color, LinePattern pattern, float marker)
    {
        if (points.Count == 0) return;
        var line = plot.Add.Scatter(
            points.Select(point => Math.Log10(point.Budget)).ToArray(), points.Select(point => point.Value).ToArray(), color);
        // A single point has no line to draw.
        (line.LineWidth, line.LinePattern) = (FigureStyle.LineWidth, pattern);
        line.MarkerSize = points.Count == 1 ? Math.Max(marker, 4) : marker;
        if (marker == 0 && points.Count == 1) line.MarkerShape = MarkerShape.OpenCircle;
    }

    private static Color Paler(int i) => FigureStyle.ColorOf(FigureStyle.ColorCount - 1 - i).WithAlpha(0.7);

    /// <summary>1e4 where it is a power of ten.</summary>
    private static string Budget(int budget)
    {
        var power = (int)Math.Round(Math.Log10(budget));
        return budget == (int)Math.Pow(10, power) ? $"1e{power}" : FigureStyle.Number(budget);
    }
}
