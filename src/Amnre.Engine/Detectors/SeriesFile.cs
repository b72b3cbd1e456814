using System.Globalization;

namespace Amnre.Engine.Detectors;

/// <summary>Columns of numbers in a text: blanks, tabs, commas or semicolons between them; lines that begin with <c>#</c> or <c>%</c>, and
/// a first line of names, are passed over.</summary>
internal static class SeriesFile
{
    private const long MaxBytes = 1L << 31;

    private static readonly char[] Separators = [' ', '\t', ',', ';'];

    /// <returns>The columns, of equal length.</returns>
    /// <exception cref="InputException">The file cannot be read, a line is not numbers, or has another number of columns than those before
    /// it.</exception>
    public static double[][] Read(string path)
    {
        if (!File.Exists(path)) throw new InputException($"there is no file '{path}'");
        if (new FileInfo(path).Length > MaxBytes)
            throw new InputException($"'{path}' is larger than {MaxBytes >> 30} GB: cut out what is needed");
        try
        {
            return Columns(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be read: {refused.Message}", refused);
        }
    }

    private static double[][] Columns(string path)
    {
        List<double>[]? columns = null;
        var number = 0;
        foreach (var line in PlainFile.Lines(path))
        {
            number++;
            var words = line.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words.Length == 0 || words[0][0] is '#' or '%') continue;
            if (columns is null && !TryParse(words[0], out _)) continue;
            columns ??= [.. words.Select(_ => new List<double>())];
            if (words.Length != columns.Length)
                throw new InputException($"'{path}', line {number}: {words.Length} columns, but {columns.Length} before");
            for (var i = 0; i < words.Length; i++)
            {
                if (!TryParse(words[i], out var value))
                    throw new InputException($"'{path}', line {number}: '{Shortened(words[i])}' is not a number");
                columns[i].Add(value);
            }
        }

        return columns is null ? throw new InputException($"'{path}' holds no numbers") : [.. columns.Select(column => column.ToArray())];
    }

    private static string Shortened(string word) => word.Length > 30 ? word[..30] + "…" : word;

    private static bool TryParse(string word, out double value) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
}
