using System.Text.Json.Nodes;
using Amnre.Engine.Fields;
using YamlDotNet.RepresentationModel;

namespace Amnre.Experiments.Fields;

/// <summary>Values of fields, each of the type that it is asked for. Whatever cannot be read becomes a validation error and a
/// default.</summary>
internal static class FieldValues
{
    /// <summary>All settings of a record that experiment files have.</summary>
    /// <param name="section">The section that has them.</param>
    /// <param name="fields">The record's table.</param>
    /// <param name="otherwise">The values of those that it lacks.</param>
    public static TSettings Settings<TSettings>(this Section section, FieldTable<TSettings> fields, TSettings otherwise) =>
        fields.At(FieldPlaces.ExperimentFile).Aggregate(otherwise,
            (read, field) => section.Read(field.Name, raw => field.Read(read, raw), read));

    /// <summary>One value of a common type.</summary>
    public static T Value<T>(this Section section, string key, T otherwise) => section.Read(key, ValueForm.For<T>().Read, otherwise);

    public static string? Text(this Section section, string key) => section.Value<string?>(key, null);

    public static string RequiredText(this Section section, string key)
    {
        if (section.Text(key) is { Length: > 0 } text) return text;
        section.Error(key, $"'{key}' is missing: write '{key}: …'");
        return "";
    }

    /// <summary>A list of texts; a single text stands for a list of one; null when the key is absent.</summary>
    public static IReadOnlyList<string>? Texts(this Section section, string key) => section.Value<IReadOnlyList<string>?>(key, null);

    private static T Read<T>(this Section section, string key, Func<RawValue, Reading<T>> read, T otherwise)
    {
        if (section.Find(key) is not { } node) return otherwise;
        var (value, complaint) = read(Raw(node));
        if (complaint is null) return value;
        section.Error(key, complaint.OfField(key));
        return otherwise;
    }

    private static RawValue Raw(YamlNode node) => node switch
    {
        YamlScalarNode scalar => new RawValue.Scalar(scalar.Value ?? ""),
        YamlSequenceNode list when list.Children.All(item => item is YamlScalarNode) =>
            new RawValue.Sequence([.. list.Children.Select(item => ((YamlScalarNode)item).Value ?? "")]),
        // Through text, so that a number is a JSON number of any type and not a boxed long.
        YamlMappingNode mapping => new RawValue.Mapping(JsonNode.Parse(YamlJson.Of(mapping)!.ToJsonString())!.AsObject()),
        _ => new RawValue.Other(),
    };
}
