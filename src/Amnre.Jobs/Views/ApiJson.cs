using System.Text.Json;
using System.Text.Json.Serialization;
using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Views;

/// <summary>How facts read as JSON, for the API's server and for those who ask it.</summary>
public static class ApiJson
{
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions());

    /// <returns>The same options.</returns>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals;
        // What comes from elsewhere must have what our types promise.
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.Converters.Add(new FingerprintText());
        return options;
    }

    private sealed class FingerprintText : JsonConverter<Fingerprint>
    {
        public override Fingerprint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            try
            {
                return Fingerprint.Parse(reader.GetString() ?? "");
            }
            catch (FormatException wrong)
            {
                throw new JsonException(wrong.Message, wrong);
            }
        }

        public override void Write(Utf8JsonWriter writer, Fingerprint value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Text);
    }
}
