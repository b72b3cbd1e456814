namespace Amnre.Engine.Tables;

/// <summary>A cell of a table of comma-separated values: RFC 4180.</summary>
public static class CsvCell
{
    public static string Of(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0
        ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
