using System.Text.Encodings.Web;
using System.Text.Json;
using Amnre.Jobs.Views;

namespace Amnre.Cli.Tables;

/// <summary>What <c>--json</c> prints: the same names as the pages' API.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions Readable = new(ApiJson.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    private static readonly JsonSerializerOptions Lines = new(Readable) { WriteIndented = false };

    public static string Of<T>(T value) => JsonSerializer.Serialize(value, Readable);

    /// <summary>On one line, for streams.</summary>
    public static string Line<T>(T value) => JsonSerializer.Serialize(value, Lines);
}
