using System.Globalization;
using Amnre.Engine.Benchmarks;
using Amnre.Experiments.Benchmarks;
using Spectre.Console;

namespace Amnre.Cli.Benchmarks;

/// <summary>The cells for people.</summary>
internal static class BenchmarkTable
{
    /// <summary>The others stand in the file.</summary>
    private static readonly string[] Published = ["NRE-B", "NRE-C", "NPE", "NLE"];

    public static void Show(IReadOnlyList<BenchmarkCell> cells)
    {
        string[] columns = ["task", "N", "method", "C2ST", "marginals", "coverage error", "minutes"];
        var table = new Table().Border(TableBorder.Simple).AddColumns([.. columns, .. Published.Select(method => $"{method}, published")]);
        for (var i = columns.Length - 4; i < table.Columns.Count; i++) table.Columns[i].RightAligned();
        var (task, budget) = ("", 0);
        foreach (var cell in cells)
        {
            var isFirst = (cell.Task, cell.Budget) != (task, budget);
            var known = isFirst ? PublishedResults.Of(cell.Task, cell.Budget) : null;
            table.AddRow([
                cell.Task == task ? "" : cell.Task, isFirst ? BenchmarkStudy.Spelt(cell.Budget) : "", cell.Method,
                Text(cell.Joint, "0.000"), Text(cell.Marginals, "0.000"), Text(cell.CoverageError, "0.000"), Text(cell.Minutes, "0.0"),
                .. Published.Select(method =>
                    Text(known?[PublishedResults.Methods.Index().First(one => one.Item == method).Index], "0.000")),
            ]);
            (task, budget) = (cell.Task, cell.Budget);
        }

        AnsiConsole.Write(table);
        foreach (var cell in cells.Where(cell => cell.Missing.Length > 0))
            AnsiConsole.MarkupLineInterpolated(
                $"[yellow]missing[/] {cell.Task}, {BenchmarkStudy.Spelt(cell.Budget)}, {cell.Method}: {cell.Missing}");
    }

    private static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
