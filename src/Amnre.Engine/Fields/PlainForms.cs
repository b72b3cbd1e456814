using System.Text.Json;
using System.Text.Json.Nodes;

namespace Amnre.Engine.Fields;

/// <summary>Any text.</summary>
internal sealed class TextForm : ValueForm<string?>
{
    public override Reading<string?> Read(RawValue raw) =>
        raw is RawValue.Scalar scalar ? Reading<string?>.Of(scalar.Text) : Reading<string?>.Wrong(Complaint.NotSingle);

    public override string Text(string? value) => value ?? "";

    public override JsonObject Schema() => new() { ["type"] = new JsonArray("string", "number", "null") };
}

/// <summary>True or false.</summary>
internal sealed class FlagForm : ValueForm<bool>
{
    public override (int Min, int Max) Items => (0, 1);

    public override Reading<bool> Read(RawValue raw) => raw switch
    {
        RawValue.Scalar { Text: "true" or "True" or "yes" or "on" } => Reading<bool>.Of(true),
        RawValue.Scalar { Text: "false" or "False" or "no" or "off" } => Reading<bool>.Of(false),
        RawValue.Scalar scalar => Reading<bool>.Wrong(new(scalar.Text, "is not true or false")),
        _ => Reading<bool>.Wrong(Complaint.NotSingle),
    };

    public override string Text(bool value) => value ? "true" : "false";

    public override JsonObject Schema() => new() { ["type"] = new JsonArray("boolean", "null") };
}

/// <summary>One of the values of an enumeration, by its name.</summary>
internal sealed class ChoiceForm<TValue> : ValueForm<TValue>
{
    public override IReadOnlyList<TValue> Choices => EnumNames<TValue>.Values;

    public override Reading<TValue> Read(RawValue raw) => raw switch
    {
        RawValue.Scalar scalar when EnumNames<TValue>.TryParse(scalar.Text, out var value) => Reading<TValue>.Of(value),
        RawValue.Scalar scalar => Reading<TValue>.Wrong(
            new(scalar.Text, $"is unknown: give one of {string.Join(", ", EnumNames<TValue>.Names)}")),
        _ => Reading<TValue>.Wrong(Complaint.NotSingle),
    };

    public override string Text(TValue value) => EnumNames<TValue>.Of(value);

    public override JsonObject Schema() => new() { ["type"] = new JsonArray("string", "null") };
}

/// <summary>Keywords of a network: a mapping, or a JSON object as text.</summary>
internal sealed class KeywordsForm : ValueForm<JsonObject?>
{
    private const string Example = """{"num_layers": 7, "hidden_size": 256, "activation": "ELU"}""";

    public override Reading<JsonObject?> Read(RawValue raw) => raw switch
    {
        RawValue.Mapping mapping => Reading<JsonObject?>.Of(mapping.Keywords),
        RawValue.Scalar scalar => Parse(scalar.Text),
        _ => Reading<JsonObject?>.Wrong(new(null, $"must be a mapping, such as {Example}")),
    };

    public override string Text(JsonObject? value) => value is null ? "" : value.ToJsonString();

    public override JsonObject Schema() => new() { ["type"] = new JsonArray("object", "null") };

    private static Reading<JsonObject?> Parse(string text)
    {
        string reason;
        try
        {
            if (StrictJson.Parse(text) is JsonObject keywords) return Reading<JsonObject?>.Of(keywords);
            reason = "not an object";
        }
        catch (JsonException wrong)
        {
            reason = wrong.Message.Split('.')[0];
        }

        return Reading<JsonObject?>.Wrong(new(text, $"is not a JSON object ({reason}): write one, or a mapping, such as {Example}"));
    }
}

/// <summary>A value or none.</summary>
internal sealed class OptionalForm<TValue>(ValueForm<TValue> form) : ValueForm<TValue?> where TValue : struct
{
    public override IReadOnlyList<TValue?> Choices => [.. form.Choices.Select(value => (TValue?)value)];

    public override Reading<TValue?> Read(RawValue raw) => form.Read(raw).Select(value => (TValue?)value);

    public override string Text(TValue? value) => value is { } given ? form.Text(given) : "";

    public override JsonObject Schema() => form.Schema();
}
