using System.Globalization;
using System.Text.Json.Nodes;

namespace Amnre.Engine.Fields;

/// <summary>Numbers by the names of an enumeration's values: a mapping, or <c>NAME=NUMBER</c> for each.</summary>
/// <param name="example">Such as <c>coverage: 0.1</c>.</param>
internal sealed class ChoiceNumbersForm<TValue>(string example) : ValueForm<IReadOnlyDictionary<TValue, double>>
    where TValue : struct, Enum
{
    public override (int Min, int Max) Items => (1, int.MaxValue);

    public override Reading<IReadOnlyDictionary<TValue, double>> Read(RawValue raw) => raw switch
    {
        RawValue.Mapping mapping => Read(mapping.Keywords.Select(one => (one.Key, one.Value is JsonValue value ? value.ToString() : ""))),
        _ when ListForm<string>.ItemsOf(raw) is { } texts =>
            Read(texts.Select(text => text.Split('=', 2)).Select(pair => (pair[0], pair.Length == 2 ? pair[1] : ""))),
        _ => Wrong(null, $"must map names to numbers, such as {{{example}}}"),
    };

    public override string Text(IReadOnlyDictionary<TValue, double> value) =>
        string.Join(" ", value.Select(one => string.Create(CultureInfo.InvariantCulture, $"{EnumName.Of(one.Key)}={one.Value:R}")));

    public override JsonObject Schema() => new()
    {
        ["type"] = new JsonArray("object", "null"),
        ["propertyNames"] = new JsonObject { ["enum"] = new JsonArray([.. EnumName.All<TValue>().Select(name => (JsonNode)name)]) },
        ["additionalProperties"] = new JsonObject { ["type"] = "number" },
    };

    private Reading<IReadOnlyDictionary<TValue, double>> Read(IEnumerable<(string Name, string Number)> pairs)
    {
        // In one order, so that the order of writing changes no fingerprint.
        var numbers = new SortedDictionary<TValue, double>();
        foreach (var (name, number) in pairs)
        {
            if (!EnumName.TryParse<TValue>(name, out var key))
                return Wrong(name, $"is unknown: give one of {string.Join(", ", EnumName.All<TValue>())}, such as {{{example}}}");
            if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
                return Wrong($"{name}={number}", $"gives no number: write a name and a number, such as {{{example}}}");
            if (!numbers.TryAdd(key, value)) return Wrong(name, "is given twice: write one number");
        }

        return Reading<IReadOnlyDictionary<TValue, double>>.Of(numbers);
    }

    private static Reading<IReadOnlyDictionary<TValue, double>> Wrong(string? text, string problem) =>
        Reading<IReadOnlyDictionary<TValue, double>>.Wrong(new(text, problem));
}
