using System.Globalization;
using System.Text.Json;

namespace Amnre.Jobs.Workers;

/// <summary>A GPU at one moment.</summary>
/// <param name="Index">As the driver counts.</param>
/// <param name="Name">Of the model.</param>
/// <param name="MemoryUsed">In MiB, of all processes together; null when the driver does not say.</param>
/// <param name="MemoryTotal">In MiB; null when the driver does not say.</param>
/// <param name="Utilization">In percent; null when the driver does not say.</param>
public sealed record GpuReading(int Index, string Name, int? MemoryUsed, int? MemoryTotal, int? Utilization)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>For people: <c>NVIDIA H100, 37 % busy, 1204 of 81559 MiB</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Name}{(Utilization is { } busy ? $", {busy} % busy" : "")}{(MemoryUsed is { } used ? $", {used} of {MemoryTotal} MiB" : "")}");

    internal static string Text(IReadOnlyList<GpuReading> readings) => JsonSerializer.Serialize(readings, Json);

    internal static IReadOnlyList<GpuReading> Read(string text) => JsonSerializer.Deserialize<IReadOnlyList<GpuReading>>(text, Json) ?? [];
}
