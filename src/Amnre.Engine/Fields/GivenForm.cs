using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Amnre.Engine.Fields;

/// <summary>Values of parameters by their names: a mapping, or <c>NAME=VALUE</c> for each.</summary>
internal sealed class GivenForm : ValueForm<IReadOnlyDictionary<string, float>?>
{
    private const string Example = "such as {θ₁: 0.5} in a file, or θ₁=0.5 on a command line";

    private GivenForm()
    {
    }

    public static GivenForm Instance { get; } = new();

    public override (int Min, int Max) Items => (1, int.MaxValue);

    public override Reading<IReadOnlyDictionary<string, float>?> Read(RawValue raw)
    {
        if (raw is RawValue.Mapping { Keywords: var keywords })
            return Read(keywords.Select(one => (one.Key, one.Value is JsonValue value ? value.ToString() : "")));
        if (ListForm<string>.ItemsOf(raw) is not { } texts) return Wrong(null, $"must map names to numbers, {Example}");
        if (texts is [['{', ..] json]) return FromJson(json);
        var pairs = texts.Select(text => text.Split('=', 2)).ToList();
        return pairs.Find(pair => pair.Length < 2) is [var lone]
            ? Wrong(lone, $"is no NAME=VALUE: write a parameter's name and a number, {Example}")
            : Read(pairs.Select(pair => (pair[0], pair[1])));
    }

    public override string Text(IReadOnlyDictionary<string, float>? value) => value is null ? ""
        : string.Join(" ", value.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key}={one.Value:R}")));

    public override JsonObject Schema() => new()
    {
        ["type"] = new JsonArray("object", "null"),
        ["additionalProperties"] = new JsonObject { ["type"] = "number" },
    };

    private static Reading<IReadOnlyDictionary<string, float>?> FromJson(string text)
    {
        try
        {
            return StrictJson.Parse(text) is JsonObject keywords ? Instance.Read(new RawValue.Mapping(keywords))
                : Wrong(text, $"is no mapping, {Example}");
        }
        catch (JsonException)
        {
            return Wrong(text, $"is no mapping, {Example}");
        }
    }

    private static Reading<IReadOnlyDictionary<string, float>?> Read(IEnumerable<(string Name, string Number)> pairs)
    {
        // In one order, so that the order of writing changes no fingerprint.
        var given = new SortedDictionary<string, float>(StringComparer.Ordinal);
        foreach (var (name, number) in pairs)
        {
            if (name.Length == 0 || !float.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                || !float.IsFinite(value))
                return Wrong($"{name}={number}", $"gives no number: write a parameter's name and a number, {Example}");
            if (!given.TryAdd(name, value)) return Wrong(name, "is given twice: write one value");
        }

        return given.Count > 0 ? Reading<IReadOnlyDictionary<string, float>?>.Of(given)
            : Wrong(null, $"is empty: leave it out, or give a parameter a value, {Example}");
    }

    private static Reading<IReadOnlyDictionary<string, float>?> Wrong(string? text, string problem) =>
        Reading<IReadOnlyDictionary<string, float>?>.Wrong(new(text, problem));
}
