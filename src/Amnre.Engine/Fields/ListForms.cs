using System.Text.Json.Nodes;

namespace Amnre.Engine.Fields;

/// <summary>A list of single values; one value stands for a list of one.</summary>
internal sealed class ListForm<TValue>(ValueForm<TValue> item) : ValueForm<IReadOnlyList<TValue>>
{
    public override (int Min, int Max) Items => (1, int.MaxValue);

    public override Reading<IReadOnlyList<TValue>> Read(RawValue raw)
    {
        if (ItemsOf(raw) is not { } texts)
            return Reading<IReadOnlyList<TValue>>.Wrong(new(null, "must be a list of values, such as [a, b]"));
        var values = texts.Select(text => item.Read(new RawValue.Scalar(text))).ToList();
        return values.Find(value => value.Complaint is not null).Complaint is { } wrong
            ? Reading<IReadOnlyList<TValue>>.Wrong(wrong) : Reading<IReadOnlyList<TValue>>.Of([.. values.Select(value => value.Value)]);
    }

    public override string Text(IReadOnlyList<TValue> value) => value.Count == 0 ? "" : $"[{string.Join(", ", value.Select(item.Text))}]";

    public override JsonObject Schema()
    {
        var one = (JsonArray)item.Schema()["type"]!;
        var items = item.Choices is [_, ..] choices
            ? new JsonObject { ["enum"] = new JsonArray([.. choices.Select(value => (JsonNode)item.Text(value))]) }
            : new JsonObject { ["type"] = one[0]!.DeepClone() };
        return new() { ["type"] = new JsonArray(one[0]!.DeepClone(), "array", "null"), ["items"] = items };
    }

    internal static IReadOnlyList<string>? ItemsOf(RawValue raw) => raw switch
    {
        RawValue.Scalar { Text.Length: > 0 } one => [one.Text],
        RawValue.Sequence list => list.Items,
        _ => null,
    };
}

/// <summary>A list of texts; numbers, such as masks without quotes, are texts too.</summary>
internal sealed class TextsForm : ValueForm<IReadOnlyList<string>>
{
    public override (int Min, int Max) Items => (1, int.MaxValue);

    public override Reading<IReadOnlyList<string>> Read(RawValue raw) => ListForm<string>.ItemsOf(raw) is { } texts
        ? Reading<IReadOnlyList<string>>.Of(texts)
        : Reading<IReadOnlyList<string>>.Wrong(new(null, "must be a list of texts, such as [a, b]"));

    public override string Text(IReadOnlyList<string> value) => value.Count == 0 ? "" : $"[{string.Join(", ", value)}]";

    public override JsonObject Schema() => new()
    {
        ["type"] = new JsonArray("string", "number", "array", "null"),
        ["items"] = new JsonObject { ["type"] = new JsonArray("string", "number") },
    };
}
