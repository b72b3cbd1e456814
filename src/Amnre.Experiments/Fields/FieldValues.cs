using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Amnre.Experiments.Fields;

/// <summary>Values of fields, each of the type that it is asked for. Whatever cannot be read becomes a fault and a default.</summary>
internal static class FieldValues
{
    public static string? Text(this Section section, string key) => section.Scalar(key)?.Value;

    public static string RequiredText(this Section section, string key)
    {
        if (section.Text(key) is { Length: > 0 } text) return text;
        section.Fault(key, $"'{key}' is missing: write '{key}: …'");
        return "";
    }

    public static long Integer(this Section section, string key, long otherwise) => section.Number(key, otherwise, "a whole number",
        text => Whole(text.Replace("_", "", StringComparison.Ordinal)));

    public static int SmallInteger(this Section section, string key, int otherwise)
    {
        var value = section.Integer(key, otherwise);
        if (value is >= int.MinValue and <= int.MaxValue) return (int)value;
        section.Fault(key, $"{key} {value} is out of range: at most {int.MaxValue}");
        return otherwise;
    }

    public static ulong Seed(this Section section, string key, ulong otherwise) =>
        section.Number(key, otherwise, "a seed (a whole number from 0)",
        text => ulong.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null);

    public static double Real(this Section section, string key, double otherwise) => section.Number(key, otherwise, "a number",
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : null);

    public static bool Flag(this Section section, string key, bool otherwise) =>
        section.Number(key, otherwise, "true or false", text => text switch
    {
        "true" or "True" or "yes" or "on" => true,
        "false" or "False" or "no" or "off" => false,
        _ => null,
    });

    /// <summary>A list of texts; a single text stands for a list of one.</summary>
    public static IReadOnlyList<string>? Texts(this Section section, string key)
    {
        switch (section.Find(key))
        {
            case null:
                return null;
            case YamlScalarNode { Value: { Length: > 0 } one }:
                return [one];
            case YamlSequenceNode list when list.Children.All(item => item is YamlScalarNode):
                return [.. list.Children.Select(item => ((YamlScalarNode)item).Value ?? "")];
            default:
                section.Fault(key, $"'{key}' must be a list of texts, such as [a, b]");
                return null;
        }
    }

    /// <summary>A list of numbers; a single number stands for a list of one.</summary>
    public static IReadOnlyList<double>? Reals(this Section section, string key)
    {
        if (section.Texts(key) is not { } texts) return null;
        var numbers = new List<double>();
        foreach (var text in texts)
        {
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value))
                numbers.Add(value);
            else section.Fault(key, $"{key} '{text}' is not a number");
        }

        return numbers;
    }

    /// <summary>A nested mapping as JSON, for keywords that go to the engine as they are.</summary>
    public static JsonObject? Json(this Section section, string key)
    {
        switch (section.Find(key))
        {
            case null:
                return null;
            case YamlMappingNode mapping:
                // Through text, so that a number is a JSON number of any type and not a boxed long.
                return JsonNode.Parse(YamlJson.Of(mapping)!.ToJsonString())!.AsObject();
            default:
                section.Fault(key, $"'{key}' must be a mapping, such as {{num_layers: 7, hidden_size: 256}}");
                return null;
        }
    }

    /// <summary>Also <c>1e6</c> and <c>2.5e3</c>, which are whole and exact.</summary>
    private static long? Whole(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value
        : text.Contains('e', StringComparison.OrdinalIgnoreCase)
        && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
            && decimal.IsInteger(real) && Math.Abs(real) <= long.MaxValue ? (long)real : null;

    private static T Number<T>(this Section section, string key, T otherwise, string what, Func<string, T?> read) where T : struct
    {
        if (section.Scalar(key) is not { } scalar) return otherwise;
        if (read(scalar.Value ?? "") is { } value) return value;
        section.Fault(key, $"{key} '{scalar.Value}' is not {what}");
        return otherwise;
    }

    private static YamlScalarNode? Scalar(this Section section, string key)
    {
        switch (section.Find(key))
        {
            case null:
                return null;
            case YamlScalarNode scalar:
                return scalar;
            default:
                section.Fault(key, $"'{key}' must be a single value");
                return null;
        }
    }
}
