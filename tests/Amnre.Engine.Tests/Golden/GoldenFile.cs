using System.Text.Json;

namespace Amnre.Engine.Tests.Golden;

/// <summary>Numbers that the original Python program computed, kept beside the tests.</summary>
internal static class GoldenFile
{
    public static JsonElement Read(string name)
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Golden", name));
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }

    /// <summary>All numbers inside <paramref name="element"/>, in row-major order, whatever its nesting.</summary>
    public static double[] Numbers(this JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Number) return [element.GetDouble()];
        if (element.ValueKind == JsonValueKind.Object)
            return element.GetProperty("nonfinite").GetString() switch
            {
                "-inf" => [double.NegativeInfinity],
                "inf" => [double.PositiveInfinity],
                _ => [double.NaN],
            };
        return [.. element.EnumerateArray().SelectMany(Numbers)];
    }

    public static float[] Singles(this JsonElement element) => [.. element.Numbers().Select(value => (float)value)];
}
