using System.Text.Encodings.Web;
using System.Text.Json;

namespace Amnre.Engine.Verdicts;

/// <summary>A verdict as JSON.</summary>
internal static class VerdictJson
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Text(Verdict verdict, VerdictSettings settings, VerdictInputs inputs)
    {
        var report = new Dictionary<string, object?> { ["model"] = Path.GetFullPath(inputs.Model) };
        if (settings.Combine is { } combination)
        {
            report["ensemble"] = inputs.Ensemble.Select(Path.GetFullPath);
            report["combine"] = EnumName.Of(combination);
        }

        foreach (var (key, value) in new Dictionary<string, object?>
        {
            ["data"] = Path.GetFullPath(inputs.Data),
            ["rows"] = verdict.Rows,
            ["seed"] = settings.Seed,
            ["verdict"] = EnumName.Of(verdict.Outcome),
            ["checks"] = verdict.Checks.Select(Check),
            ["observations"] = verdict.Observations.Select(one => new Dictionary<string, object?>
            {
                ["observation"] = one.Index,
                ["verdict"] = EnumName.Of(one.Outcome),
                ["checks"] = one.Checks.Select(Check),
            }),
            ["information"] = verdict.Information.Select(one => new Dictionary<string, object?>
            {
                ["parameters"] = one.Names,
                ["mean_log_ratio_nats"] = Number(one.Mean),
                ["standard_error"] = Number(one.Error),
            }),
        }) report[key] = value;
        return JsonSerializer.Serialize(report, Readable);
    }

    private static Dictionary<string, object?> Check(CheckResult check) => new()
    {
        ["check"] = EnumName.Of(check.Check),
        ["verdict"] = EnumName.Of(check.Outcome),
        ["number"] = Number(check.Number),
        ["warn"] = check.Limit.Warn,
        ["fail"] = check.Limit.Fail,
        ["sentence"] = check.Sentence,
    };

    // JSON has no other numbers.
    private static double? Number(double value) => double.IsFinite(value) ? value : null;
}
