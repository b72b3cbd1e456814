using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amnre.Engine.Fields;

namespace Amnre.Engine.Settings;

/// <summary>How the settings of jobs are called wherever a user meets them.</summary>
public static class SettingName
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Names by the keys of the documents that fingerprints are made of.</summary>
    private static readonly Dictionary<string, string> Names = Of(BasisSettings.Fields).Concat(Of(SampleSettings.Fields))
        .Concat(Of(GatherSettings.Fields)).Concat(Of(TrainSettings.Fields)).Concat(Of(EvaluateSettings.Fields))
        .Concat(Of(PlotSettings.Fields)).Distinct().ToDictionary();

    /// <param name="key">Of a job's document of settings, with what is below it: <c>learning_rate</c>, <c>model.hidden_size</c>.</param>
    /// <returns>The name of the field: <c>lr</c>, <c>model.hidden_size</c>.</returns>
    public static string OfKey(string key)
    {
        var end = key.IndexOfAny(['.', '[']) is var below and >= 0 ? below : key.Length;
        return Names.GetValueOrDefault(key[..end], key[..end]) + key[end..];
    }

    /// <summary>A job's document of settings with the names that a user knows.</summary>
    /// <param name="document">JSON object.</param>
    public static string InDocument(string document) => JsonNode.Parse(document) is JsonObject settings
        ? new JsonObject(settings.Select(one => KeyValuePair.Create(OfKey(one.Key), one.Value?.DeepClone()))).ToJsonString(Readable)
        : document;

    private static IEnumerable<KeyValuePair<string, string>> Of<TSettings>(FieldTable<TSettings> fields) =>
        fields.SelectMany(field => field.Property.Split(", ") is [var one]
            ? [KeyValuePair.Create(Key(one), field.Name)]
            : field.Property.Split(", ").Select((part, i) => KeyValuePair.Create(Key(part), $"{field.Name}[{i}]")));

    private static string Key(string property) => JsonNamingPolicy.SnakeCaseLower.ConvertName(property);
}
