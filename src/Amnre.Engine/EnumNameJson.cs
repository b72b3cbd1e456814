using System.Text.Json;
using System.Text.Json.Serialization;

namespace Amnre.Engine;

/// <summary>Values of an enumeration in JSON, by their names.</summary>
internal sealed class EnumNameJson<TEnum> : JsonConverter<TEnum> where TEnum : struct, Enum
{
    public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var name = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString() : null;
        return EnumName.TryParse<TEnum>(name, out var value) ? value
            : throw new JsonException($"'{name}' is unknown: give one of {string.Join(", ", EnumName.All<TEnum>())}");
    }

    public override TEnum ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options);

    public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) =>
        writer.WriteStringValue(EnumName.Of(value));

    public override void WriteAsPropertyName(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) =>
        writer.WritePropertyName(EnumName.Of(value));
}
