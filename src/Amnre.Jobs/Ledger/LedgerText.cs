using System.Text.Json;
using System.Text.Json.Serialization;
using Amnre.Engine;

namespace Amnre.Jobs.Ledger;

/// <summary>How values are spelled in the ledger.</summary>
internal static class LedgerText
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static string Of<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    public static string OfProgress(ReportedProgress progress) => JsonSerializer.Serialize(progress, Json);

    public static ReportedProgress? Progress(string? json) => json is null ? null : JsonSerializer.Deserialize<ReportedProgress>(json, Json);

    public static string OfOutputs(IReadOnlyList<Specs.JobOutput> outputs) => JsonSerializer.Serialize(outputs, Json);

    public static IReadOnlyList<Specs.JobOutput> Outputs(string json) => JsonSerializer.Deserialize<List<Specs.JobOutput>>(json, Json)!;
}

/// <summary>Progress as the ledger keeps it.</summary>
/// <param name="SecondsLeft">Estimated by the worker from the pace of this attempt; null while unknown.</param>
public sealed record ReportedProgress(
    double Done, double Total, string Unit, IReadOnlyDictionary<string, double> Metrics, double? SecondsLeft = null)
{
    public static ReportedProgress Of(RunProgress progress, TimeSpan? left) =>
        new(progress.Done, progress.Total, progress.Unit, progress.Metrics, left?.TotalSeconds);

    /// <summary>In [0, 1]; 0 while the total is unknown.</summary>
    [JsonIgnore]
    public double Fraction => Total > 0 ? Math.Clamp(Done / Total, 0, 1) : 0;
}
