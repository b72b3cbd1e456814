using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Amnre.Engine.Rows;

/// <summary>Finds rows with a value that is not finite.</summary>
internal static class NonFiniteRows
{
    private const int Listed = 5;

    /// <summary>Whether all of <paramref name="values"/> are finite.</summary>
    public static bool AllFinite(ReadOnlySpan<float> values)
    {
        // 0·v is 0 for what is finite and NaN for the rest, and a sum keeps a NaN: no branch for each value.
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        var sum = Vector<float>.Zero;
        foreach (var vector in vectors) sum += vector * Vector<float>.Zero;
        var rest = 0f;
        foreach (var value in values[(vectors.Length * Vector<float>.Count)..]) rest += value * 0;
        return Vector.Sum(sum) + rest == 0;
    }

    /// <summary>Indices of the rows with such a value, ascending.</summary>
    public static List<int> Find(ReadOnlySpan<float> theta, int thetaSize, ReadOnlySpan<float> x, int observationSize)
    {
        var found = new List<int>();
        if (AllFinite(theta) && AllFinite(x)) return found;
        for (var row = 0; row < theta.Length / thetaSize; row++)
        {
            if (!AllFinite(theta.Slice(row * thetaSize, thetaSize)) || !AllFinite(x.Slice(row * observationSize, observationSize)))
                found.Add(row);
        }

        return found;
    }

    /// <summary>The first value that is not finite of some rows, and in words which it is; null when all are finite.</summary>
    public static (int Row, string Value)? First(ReadOnlySpan<float> theta, ReadOnlySpan<float> x, int rows)
    {
        var (one, other) = (First(theta, rows, "theta"), First(x, rows, "x"));
        return one is { } own && !(other?.Row < own.Row) ? one : other;
    }

    private static (int Row, string Value)? First(ReadOnlySpan<float> values, int rows, string name)
    {
        if (AllFinite(values)) return null;
        var (place, size) = (0, values.Length / rows);
        while (float.IsFinite(values[place])) place++;
        var value = float.IsNaN(values[place]) ? "NaN" : values[place] > 0 ? "inf" : "-inf";
        return (place / size, string.Create(CultureInfo.InvariantCulture, $"{name}[{place % size}] is {value}"));
    }

    /// <summary>Moves the rows that stay to the front, in order.</summary>
    /// <param name="values">(n, size), row-major.</param>
    /// <param name="size">Values in a row.</param>
    /// <param name="gone">Rows to leave out, ascending.</param>
    public static void Remove(Span<float> values, int size, IReadOnlyList<int> gone)
    {
        var (target, next) = (0, 0);
        for (var row = 0; row < values.Length / size; row++)
        {
            if (next < gone.Count && gone[next] == row) next++;
            else values.Slice(row * size, size).CopyTo(values[(target++ * size)..]);
        }
    }

    /// <summary>The first few such rows with their parameters, and how many there are.</summary>
    public static string Describe(IReadOnlyList<int> found, long firstRow, ReadOnlySpan<float> theta, int thetaSize)
    {
        var lines = new List<string>();
        foreach (var row in found.Take(Listed))
        {
            string[] values = [.. theta.Slice(row * thetaSize, thetaSize).ToArray()
                .Select(value => value.ToString("G9", CultureInfo.InvariantCulture))];
            lines.Add($"row {firstRow + row}: theta ({string.Join(", ", values)})");
        }

        if (found.Count > Listed) lines.Add($"and {found.Count - Listed} more");
        return string.Join("\n  ", lines);
    }
}
