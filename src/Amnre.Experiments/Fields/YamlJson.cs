using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Amnre.Experiments.Fields;

/// <summary>What a value of an experiment file is in JSON: plain scalars are numbers, truth values or null where they look so, quoted ones
/// texts.</summary>
internal static class YamlJson
{
    /// <summary>A field without a value, or with null, is as good as absent: so an inherited field is taken back.</summary>
    public static bool IsNull(YamlNode value) => value is YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "null" or "~" };

    public static JsonNode? Of(YamlNode value) => value switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(child =>
            KeyValuePair.Create(((YamlScalarNode)child.Key).Value ?? "", Of(child.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Of)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => OfPlain(scalar.Value ?? ""),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => null,
    };

    private static JsonValue? OfPlain(string text) => text switch
    {
        "" or "null" or "~" => null,
        "true" or "True" => JsonValue.Create(true),
        "false" or "False" => JsonValue.Create(false),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
            && double.IsFinite(real) => JsonValue.Create(real),
        _ => JsonValue.Create(text),
    };
}
