using System.Runtime.InteropServices;

namespace Amnre.Engine.Evaluation;

/// <summary>Rows of one sample that are exact copies of rows of another. Independent draws of a density have next to none.</summary>
internal static class SharedDraws
{
    /// <summary>For each row of both samples, one after the other, the first row that is a copy of it, where both samples have copies; its
    /// own number otherwise.</summary>
    /// <param name="first">(n, D).</param>
    /// <param name="second">(m, D).</param>
    /// <param name="size">D.</param>
    public static int[] Twins(ReadOnlySpan<float> first, ReadOnlySpan<float> second, int size)
    {
        var rows = first.Length / size;
        var twins = Enumerable.Range(0, rows + second.Length / size).ToArray();
        var (own, shared) = (new Dictionary<string, int>(StringComparer.Ordinal), new HashSet<int>());
        for (var row = 0; row < rows; row++) twins[row] = own.TryGetValue(Key(first, row, size), out var before)
            ? before
            : own[Key(first, row, size)] = row;
        for (var row = rows; row < twins.Length; row++)
        {
            if (!own.TryGetValue(Key(second, row - rows, size), out var twin)) continue;
            twins[row] = twin;
            shared.Add(twin);
        }

        // Copies within one sample alone, as of a chain that stood still, are no matter of both.
        for (var row = 0; row < rows; row++)
            if (!shared.Contains(twins[row])) twins[row] = row;
        return twins;
    }

    private static string Key(ReadOnlySpan<float> values, int row, int size) =>
        new(MemoryMarshal.Cast<float, char>(values.Slice(row * size, size)));
}
