using System.Globalization;
using System.Text;
using Amnre.Engine.Compression;
using Amnre.Engine.Draws;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Benchmarks;

/// <summary>Reference draws as the benchmark keeps them: a table for each observation, a line of names and a line for each draw.</summary>
public static class ReferenceSamples
{
    private const int LongestFile = 1 << 28;

    /// <summary>Writes the draws of some observations as draws of posteriors are written.</summary>
    /// <param name="simulator">Whose parameters.</param>
    /// <param name="sources">A table for each observation, <c>.csv</c> or <c>.csv.bz2</c>.</param>
    /// <param name="count">Draws of each, the first.</param>
    /// <param name="marginals">Also those of each one and each two parameters.</param>
    /// <param name="path">The file, <c>.h5</c>.</param>
    /// <exception cref="InputException">A table that does not hold so many draws of the parameters.</exception>
    public static void Import(ISimulator simulator, IReadOnlyList<string> sources, int count, bool marginals, string path)
    {
        var size = simulator.ThetaSize;
        float[] all = [.. sources.SelectMany(source => Read(source, size, count))];
        var draws = new PosteriorDraws
        {
            Rows = [.. Enumerable.Range(0, sources.Count)],
            Count = count,
            Labels = simulator.Labels,
            Masks = [(ParameterMask.Full(size), all)],
        };
        DrawsFile.Write(draws.WithParts(marginals ? MaskList.Expand(["=1", "=2"], size, null, out _) : []), path);
    }

    /// <returns>(count, D).</returns>
    internal static float[] Read(string path, int size, int count)
    {
        var lines = Text(path).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length - 1 < count)
            throw new InputException($"reference draws '{path}' are {Math.Max(0, lines.Length - 1)}, and {count} are compared: take " +
                "fewer with --draws");
        var draws = new float[count * size];
        for (var row = 0; row < count; row++)
        {
            var cells = lines[row + 1].Split(',');
            if (cells.Length != size)
                throw new InputException($"reference draws '{path}', line {row + 2}: {cells.Length} values, but the task has {size} " +
                    "parameters: name its own file");
            for (var d = 0; d < size; d++)
            {
                if (!float.TryParse(cells[d], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !float.IsFinite(value))
                    throw new InputException($"reference draws '{path}', line {row + 2}: '{cells[d]}' is no number: download the file " +
                        "again");
                draws[row * size + d] = value;
            }
        }

        return draws;
    }

    private static string Text(string path)
    {
        try
        {
            using var stream = PlainFile.Open(path);
            if (stream.Length > LongestFile) throw new InvalidDataException($"it has more than {LongestFile} bytes");
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return Encoding.UTF8.GetString(Path.GetExtension(path) == ".bz2" ? Bzip2.Unpack(bytes, LongestFile) : bytes);
        }
        catch (Exception damaged) when (damaged is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                $"reference draws '{path}' cannot be read: {damaged.Message.TrimEnd('.')}: download the file again", damaged);
        }
    }
}
