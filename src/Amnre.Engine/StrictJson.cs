using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Amnre.Engine;

/// <summary>JSON of files and command lines.</summary>
public static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <summary>The value that <paramref name="text"/> states; null for <c>null</c>.</summary>
    /// <exception cref="JsonException">Not JSON, nested too deeply, with a key given twice, or with half a character, which would else be
    /// found only when one is asked for.</exception>
    public static JsonNode? Parse(string text) => Parse(Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="Parse(string)"/>
    public static JsonNode? Parse(ReadOnlySpan<byte> text)
    {
        try
        {
            var value = JsonNode.Parse(text, documentOptions: Options);
            var reader = new Utf8JsonReader(text);
            while (reader.Read())
                if (reader.ValueIsEscaped) reader.GetString();
            return value;
        }
        catch (InvalidOperationException broken)
        {
            // Halves of characters, which escapes can spell, are found when a word becomes a text.
            throw new JsonException(broken.Message, broken);
        }
    }
}
