using System.Text.Json;
using Amnre.Engine.Settings;

namespace Amnre.Engine.Verdicts;

/// <summary>Checks as a report of a verdict states them.</summary>
/// <param name="Rows">Rows that the model was measured on.</param>
/// <param name="Outcome">The gravest outcome.</param>
/// <param name="Checks">Of the model and, if there are any, of its posteriors at observations.</param>
public sealed record VerdictReport(int Rows, CheckOutcome Outcome, IReadOnlyList<CheckResult> Checks)
{
    /// <param name="path">A report, <c>.json</c>.</param>
    /// <exception cref="InputException">It is no report of a verdict.</exception>
    public static VerdictReport Read(string path)
    {
        try
        {
            return Parse(PlainFile.Text(path));
        }
        catch (FormatException wrong)
        {
            throw new InputException($"'{path}' is no report of a verdict ({wrong.Message}): run the job again that made it", wrong);
        }
    }

    /// <exception cref="FormatException">It is no report of a verdict.</exception>
    public static VerdictReport Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            IReadOnlyList<CheckResult> checks = [.. root.GetProperty("checks").EnumerateArray().Select(Check),
                .. root.GetProperty("observations").EnumerateArray().SelectMany(AtObservation)];
            return new VerdictReport(
                root.GetProperty("rows").GetInt32(), checks.Select(check => check.Outcome).DefaultIfEmpty(CheckOutcome.Pass).Max(), checks);
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException(wrong.Message, wrong);
        }
    }

    /// <summary>Why what is required is not met: a sentence for each check that failed or could not be made.</summary>
    /// <param name="required">The checks that must not fail.</param>
    /// <param name="by">Who requires them, such as <c>evaluation 'check'</c>.</param>
    public IReadOnlyList<string> Unmet(IEnumerable<VerdictCheck> required, string by) =>
        [.. required.Distinct().SelectMany(name => Checks.Where(check => check.Check == name).ToList() is { Count: > 0 } made
            ? made.Where(check => check.Outcome == CheckOutcome.Fail)
                .Select(check => $"{Beyond(check)}, required by {by}: {check.Sentence}")
            : [$"{EnumName.Of(name)} could not be checked, and is required by {by}"])];

    private static string Beyond(CheckResult check)
    {
        var name = EnumName.Of(check.Check);
        return double.IsFinite(check.Number)
            ? FormattableString.Invariant(
                $"{name} {check.Number:G4} is {(check.Limit.Fail < check.Limit.Warn ? "below" : "above")} {check.Limit.Fail:G4}")
            : $"{name} is not a number";
    }

    private static IEnumerable<CheckResult> AtObservation(JsonElement one) =>
        from check in one.GetProperty("checks").EnumerateArray().Select(Check)
        select check with { Sentence = $"observation {one.GetProperty("observation").GetInt32()}: {check.Sentence}" };

    private static CheckResult Check(JsonElement one)
    {
        var (name, outcome) = (one.GetProperty("check").GetString(), one.GetProperty("verdict").GetString());
        if (!EnumName.TryParse<VerdictCheck>(name, out var check)) throw new FormatException($"there is no check '{name}'");
        if (!EnumName.TryParse<CheckOutcome>(outcome, out var ended)) throw new FormatException($"'{outcome}' is no outcome");
        var number = one.GetProperty("number") is { ValueKind: JsonValueKind.Number } given ? given.GetDouble() : double.NaN;
        var limit = new CheckLimit(one.GetProperty("warn").GetDouble(), one.GetProperty("fail").GetDouble());
        return new CheckResult(check, number, limit, ended, one.GetProperty("sentence").GetString() ?? "");
    }
}
