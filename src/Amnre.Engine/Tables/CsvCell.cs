using System.Text;
using Amnre.Engine.Masks;

namespace Amnre.Engine.Tables;

/// <summary>A cell of a table of comma-separated values: RFC 4180.</summary>
public static class CsvCell
{
    public static string Of(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0
        ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Names of the parameters of a mask, with a comma between them, as one cell.</summary>
    internal static string Of(IReadOnlyList<string> labels, ParameterMask mask) =>
        Of(string.Join(", ", mask.Indices().Select(parameter => labels[parameter])).ReplaceLineEndings(" "));

    /// <summary>The texts of a line's cells.</summary>
    internal static string[] Split(string line)
    {
        if (!line.Contains('"', StringComparison.Ordinal)) return line.Split(',');
        var (cells, cell, isQuoted) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"')
            {
                // Within quotes two of them are one of the text.
                if (isQuoted && i + 1 < line.Length && line[i + 1] == '"') cell.Append(line[i++]);
                else isQuoted = !isQuoted;
            }
            else if (line[i] == ',' && !isQuoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(line[i]);
            }
        }

        return [.. cells, cell.ToString()];
    }
}
