using System.Text.Json;
using System.Text.Json.Serialization;
using Amnre.Engine;
using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Ledger;

/// <summary>How values are spelled in the ledger.</summary>
internal static class LedgerText
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Of what is stored field by field: what follows from other fields is left out, and what is null.</summary>
    private static readonly JsonSerializerOptions Stored = new(Json)
    {
        IgnoreReadOnlyProperties = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Of<T>(T value) where T : struct, Enum => EnumName.Of(value);

    public static T Read<T>(string text) where T : struct, Enum => Enum.Parse<T>(text, ignoreCase: true);

    public static string OfProgress(ReportedProgress progress) => JsonSerializer.Serialize(progress, Json);

    public static ReportedProgress? Progress(string? json) => json is null
        ? null
        : JsonSerializer.Deserialize<ReportedProgress>(json, Json);

    public static string? OfDevice(DeviceFacts? device) => device is null ? null : JsonSerializer.Serialize(device, Stored);

    public static DeviceFacts? Device(string json) => JsonSerializer.Deserialize<DeviceFacts>(json, Stored);

    public static string OfOutputs(IReadOnlyList<Specs.JobOutput> outputs) => JsonSerializer.Serialize(outputs, Json);

    public static IReadOnlyList<Specs.JobOutput> Outputs(string json) => JsonSerializer.Deserialize<List<Specs.JobOutput>>(json, Json)!;
}
