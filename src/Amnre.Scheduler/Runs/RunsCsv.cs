using Amnre.Engine.Tables;

namespace Amnre.Scheduler.Runs;

/// <summary>Runs as CSV (RFC 4180).</summary>
internal static class RunsCsv
{
    /// <summary>A spreadsheet takes a text that begins so for a formula.</summary>
    private const string Formula = "=+-@\t\r";

    public static IEnumerable<string> Lines(IReadOnlyList<Run> runs, IReadOnlyList<string> columns) =>
        runs.Select(run => columns.Select(column => RunColumns.Value(run, column))).Prepend(columns)
            .Select(cells => string.Join(',', cells.Select(Cell)) + "\r\n");

    private static string Cell(object? value)
    {
        var text = RunColumns.Text(value);
        if (value is string && text.Length > 0 && Formula.Contains(text[0], StringComparison.Ordinal)) text = $"'{text}";
        return CsvCell.Of(text);
    }
}
