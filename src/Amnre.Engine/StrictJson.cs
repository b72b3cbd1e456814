using System.Text.Json;
using System.Text.Json.Nodes;

namespace Amnre.Engine;

/// <summary>JSON of files and command lines.</summary>
public static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <summary>The value that <paramref name="text"/> states; null for <c>null</c>.</summary>
    /// <exception cref="JsonException">Not JSON, nested too deeply, or with a key given twice, which would else be found only when somebody asks for one.</exception>
    public static JsonNode? Parse(string text) => JsonNode.Parse(text, documentOptions: Options);

    /// <inheritdoc cref="Parse(string)"/>
    public static JsonNode? Parse(ReadOnlySpan<byte> text) => JsonNode.Parse(text, documentOptions: Options);
}
