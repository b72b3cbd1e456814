using System.Text.Encodings.Web;
using System.Text.Json;
using Amnre.Engine.Settings;

namespace Amnre.Engine.Verdicts;

/// <summary>A verdict as JSON.</summary>
internal static class VerdictJson
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Text(Verdict verdict, VerdictSettings settings, VerdictInputs inputs) =>
        JsonSerializer.Serialize(new Dictionary<string, object?>(Files(settings, inputs))
        {
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
        }, Readable);

    private static Dictionary<string, object?> Files(VerdictSettings settings, VerdictInputs inputs)
    {
        var files = new Dictionary<string, object?>();
        if (settings.Combine is { } combination) files["combine"] = EnumName.Of(combination);
        if (!inputs.NamesFiles) return files;
        files["model"] = Path.GetFullPath(inputs.Model);
        if (settings.Combine is not null) files["ensemble"] = inputs.Ensemble.Select(Path.GetFullPath);
        files["data"] = Path.GetFullPath(inputs.Data);
        return files;
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
