using System.Text.Json;
using System.Text.Json.Nodes;
using Amnre.Engine.Checkpoints;

namespace Amnre.Engine.Tests.Golden;

/// <summary>Numbers and files that the original program made, copied beside the tests.</summary>
internal static class GoldenFile
{
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Golden", name);

    public static JsonNode Json(string name) => JsonNode.Parse(File.ReadAllText(Path(name)))!;

    /// <summary>All numbers of a nested array, row-major; <c>{"nonfinite": "nan"}</c> stands for what JSON cannot write.</summary>
    public static float[] Floats(JsonNode? node) => [.. Doubles(node).Select(value => (float)value)];

    public static double[] Doubles(JsonNode? node) => node switch
    {
        JsonArray array => [.. array.SelectMany(Doubles)],
        JsonObject special => [Nonfinite(special["nonfinite"]!.GetValue<string>())],
        JsonValue value when value.TryGetValue<bool>(out var flag) => [flag ? 1 : 0],
        JsonValue value => [value.GetValue<double>()],
        _ => [],
    };

    /// <summary>Sizes of a nested array.</summary>
    public static long[] Shape(JsonNode? node) =>
        node is JsonArray array ? [array.Count, .. array.Count > 0 ? Shape(array[0]) : []] : [];

    /// <summary>A state dictionary written as name to shape, dtype and values.</summary>
    public static OrderedDictionary<string, StoredTensor> State(JsonNode node)
    {
        var state = new OrderedDictionary<string, StoredTensor>();
        foreach (var (name, tensor) in node.AsObject())
        {
            long[] shape = [.. tensor!["shape"]!.AsArray().Select(size => size!.GetValue<long>())];
            var values = Doubles(tensor["values"]);
            byte[] bytes = tensor["dtype"]!.GetValue<string>() switch
            {
                "float32" => [.. values.SelectMany(value => BitConverter.GetBytes((float)value))],
                "int64" => [.. values.SelectMany(value => BitConverter.GetBytes((long)value))],
                "bool" => [.. values.Select(value => (byte)value)],
                var other => throw new NotSupportedException(other),
            };
            var type = tensor["dtype"]!.GetValue<string>() switch
            {
                "float32" => ElementType.Float32,
                "int64" => ElementType.Int64,
                _ => ElementType.Bool
            };
            state[name] = new StoredTensor(type, shape, bytes);
        }

        return state;
    }

    private static double Nonfinite(string name) => name switch
    {
        "nan" => double.NaN,
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => throw new NotSupportedException(name),
    };

    public static JsonElement Read(string name)
    {
        using var stream = File.OpenRead(Path(name));
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
