using System.Globalization;
using Amnre.Engine;
using Amnre.Engine.Verdicts;

namespace Amnre.Cli.Inference;

/// <summary>Checks as lines of text.</summary>
internal static class VerdictTable
{
    public static IEnumerable<string> Of(IReadOnlyList<CheckResult> checks)
    {
        List<string[]> rows = [["check", "verdict", "number", "warn", "fail", "what was found"], .. checks.Select(Row)];
        var widths = Enumerable.Range(0, rows[0].Length - 1).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return rows.Select(row =>
            string.Join("  ", row.Select((cell, column) => column < widths.Length ? cell.PadRight(widths[column]) : cell)));
    }

    private static string[] Row(CheckResult check)
    {
        var sign = check.Limit.Fail < check.Limit.Warn ? "<" : ">";
        return
        [
            EnumName.Of(check.Check), EnumName.Of(check.Outcome).ToUpperInvariant(), Number(check.Number),
            $"{sign} {Number(check.Limit.Warn)}", $"{sign} {Number(check.Limit.Fail)}", check.Sentence,
        ];
    }

    private static string Number(double value) => double.IsFinite(value)
        ? value.ToString(Math.Abs(value) switch { >= 100 => "0", > 0 and < 1e-3 => "G2", _ => "0.####" }, CultureInfo.InvariantCulture)
        : "none";
}
