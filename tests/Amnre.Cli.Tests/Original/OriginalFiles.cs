using System.Globalization;

namespace Amnre.Cli.Tests.Original;

/// <summary>The original's models, samples and results, and how to compare with them.</summary>
internal static class OriginalFiles
{
    public static string Given(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", "fixtures", name);

    public static string Result(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", "results", name);

    /// <summary>Each line of <paramref name="actual"/> is the original's of the same first two columns, its numbers to the precision of
    /// float32.</summary>
    /// <returns>How many lines were compared.</returns>
    public static int CompareTables(string expected, string actual)
    {
        var wanted = File.ReadLines(expected).Select(line => line.Split(',')).ToDictionary(cells => (cells[0], cells[1]));
        var lines = File.ReadAllLines(actual);
        foreach (var line in lines)
        {
            var cells = line.Split(',');
            var original = wanted[(cells[0], cells[1])];
            Assert.Equal(original.Length, cells.Length);
            for (var i = 2; i < cells.Length; i++)
            {
                if (Number(original[i]) is not { } number) Assert.Equal(original[i], cells[i]);
                else Assert.Equal(number, Number(cells[i])!.Value, 2e-5 * Math.Abs(number) + 3e-6);
            }
        }

        return lines.Length - 1;
    }

    public static double? Number(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null;
}
