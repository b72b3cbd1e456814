using System.Globalization;

namespace Amnre.Engine.Observations;

/// <summary>Tables of numbers as text: lines of values with commas, semicolons, tabs or blanks between them. A first line may name the
/// columns; lines that begin with <c>#</c> are passed over.</summary>
internal static class NumberTable
{
    /// <param name="lines">Of the file.</param>
    /// <param name="missing">Whether NaN and an empty cell stand for values that are missing.</param>
    /// <exception cref="InputException">No numbers, lines of different lengths, or something else in them.</exception>
    public static NumericArray Read(IEnumerable<string> lines, bool missing = false)
    {
        var (values, rows, columns, line) = (new List<float>(), 0, 0, 0);
        char? separator = null;
        ColumnNames? names = null;
        var isCount = false;
        foreach (var text in lines)
        {
            line++;
            var content = text.Trim('\uFEFF', ' ', '\r', '\t');
            if (content.Length == 0) continue;
            if (content[0] == '#')
            {
                // As NumPy writes names of columns.
                var remark = content.TrimStart('#', ' ');
                if (rows == 0 && columns == 0) names = new ColumnNames(Names(Cells(remark, Separator(remark))), IsRemark: true);
                continue;
            }

            separator ??= Separator(content);
            var cells = Cells(content, separator.Value);
            // The first line may name the columns.
            if (rows == 0 && values.Count == 0 && columns == 0 && !cells.Any(cell => Number(cell) is not null))
            {
                (columns, names) = (-cells.Length, new ColumnNames(Names(cells), IsRemark: false));
                continue;
            }

            if (columns != 0 && Math.Abs(columns) != cells.Length)
                throw new InputException($"line {line} has {cells.Length} values, others {Math.Abs(columns)}: give as many in each line");
            columns = cells.Length;
            if (rows == 0) isCount = IsCount(cells);
            else if (isCount)
                throw new InputException($"its first line counts the columns, 0 to {columns - 1}, as pandas writes them where they have " +
                    "no names: write it with to_csv(path, header=False, index=False), or take that line out");
            foreach (var (place, cell) in cells.Index())
            {
                var number = Number(cell) ?? (missing && cell.Trim().Length == 0 ? double.NaN : (double?)null)
                    ?? throw new InputException($"line {line}, column {place + 1}: '{cell.Trim()}' is not a number; write one with a " +
                        "point, such as 1.5e-3, and a comma or a blank between two");
                if (!NumericArray.Takes(number, missing)) throw NumericArray.Refusal(number, $"line {line}, column {place + 1}");
                values.Add((float)number);
                if (values.Count > NumericArray.MaxValues)
                    throw new InputException($"it has more than {NumericArray.MaxValues} values: give fewer observations at once");
            }

            rows++;
        }

        return rows > 0
            ? new NumericArray([rows, columns], [.. values]) { Columns = names?.Names.Count == columns ? names : null }
            : throw new InputException("it has no numbers: give a line of values for each observation");
    }

    /// <summary>Two values may be 0 and 1 by chance.</summary>
    private static bool IsCount(string[] cells) =>
        cells.Length > 2 && cells.Index().All(one => one.Item.Trim().Trim('"') == one.Index.ToString(CultureInfo.InvariantCulture));

    private static string[] Names(string[] cells) => [.. cells.Select(cell => cell.Trim().Trim('"').Trim())];

    /// <summary>Between the separators, of which those in quotes are none.</summary>
    private static string[] Cells(string line, char separator)
    {
        if (separator == ' ') return line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (!line.Contains('"')) return line.Split(separator);
        var (cells, begin, quoted) = (new List<string>(), 0, false);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"') quoted = !quoted;
            if (quoted || line[i] != separator) continue;
            cells.Add(line[begin..i]);
            begin = i + 1;
        }

        return [.. cells, line[begin..]];
    }

    private static char Separator(string line) => line.Contains(',') ? ',' : line.Contains(';') ? ';' : ' ';

    private static double? Number(string cell) =>
        double.TryParse(cell.Trim().Trim('"'), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
}
