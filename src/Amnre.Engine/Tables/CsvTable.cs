using System.Globalization;

namespace Amnre.Engine.Tables;

/// <summary>A table of comma-separated values with a header, as statistics and evaluations are stored.</summary>
internal sealed class CsvTable
{
    private readonly string _path;
    private readonly string[] _header;
    private readonly List<string[]> _rows;

    private CsvTable(string path, string[] header, List<string[]> rows) => (_path, _header, _rows) = (path, header, rows);

    /// <exception cref="InputException">Missing, empty, or with rows of different lengths.</exception>
    public static CsvTable Read(string path)
    {
        var lines = Lines(path);
        if (lines.Length < 2) throw new InputException($"table '{path}' has no rows: make it again");
        var header = CsvCell.Split(lines[0]);
        var rows = new List<string[]>();
        for (var i = 1; i < lines.Length; i++)
        {
            if (lines[i].Length == 0) continue;
            var row = CsvCell.Split(lines[i]);
            if (row.Length != header.Length)
                throw new InputException(
                    $"table '{path}' line {i + 1} has {row.Length} values, but the header {header.Length}: make it again");
            rows.Add(row);
        }

        return rows.Count > 0 ? new CsvTable(path, header, rows) : throw new InputException($"table '{path}' has no rows: make it again");
    }

    /// <exception cref="InputException">Missing, or closed to us: an error in the input, not in what is drawn from it.</exception>
    public static string[] Lines(string path)
    {
        if (!File.Exists(path)) throw new InputException($"table '{path}': there is no such file");
        try
        {
            return [.. PlainFile.Lines(path)];
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"table '{path}' cannot be read: {refused.Message}", refused);
        }
    }

    public bool Has(string column) => Array.IndexOf(_header, column) >= 0;

    /// <exception cref="InputException">No such column.</exception>
    public IReadOnlyList<string> Texts(string column)
    {
        var index = Array.IndexOf(_header, column);
        return index >= 0
            ? _rows.ConvertAll(row => row[index])
            : throw new InputException($"table '{_path}' has no column '{column}', only {string.Join(", ", _header)}");
    }

    /// <summary>The numbers of a column; an empty cell is not a number.</summary>
    /// <exception cref="InputException">No such column, or something else in it.</exception>
    public IReadOnlyList<double> Numbers(string column) =>
        [.. Texts(column).Select(text => text.Length == 0
            ? double.NaN
            : double.TryParse(text, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new InputException($"table '{_path}': '{text}' in column '{column}' is not a number"))];
}
