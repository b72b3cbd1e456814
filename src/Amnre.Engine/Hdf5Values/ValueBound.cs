namespace Amnre.Engine.Hdf5Values;

/// <summary>How many values a file can hold at one place.</summary>
internal static class ValueBound
{
    /// <summary>Bytes that one byte of deflate can stand for.</summary>
    private const double MaxDeflated = 1032;

    private const double Spare = 1 << 20;

    /// <summary>Refuses a dataset, or a chunk of one, that a file of this length cannot hold, before room is made for it.</summary>
    /// <param name="length">Bytes of the file.</param>
    /// <param name="lengths">Of its dimensions.</param>
    /// <param name="name">Of the dataset.</param>
    /// <exception cref="InputException">It says that it holds more.</exception>
    public static void Check(long length, ReadOnlySpan<long> lengths, string name)
    {
        var bytes = (double)sizeof(double);
        foreach (var size in lengths) bytes *= size;
        if (bytes > Spare + MaxDeflated * length || bytes > Array.MaxLength)
            throw new InputException($"dataset '{name}' says that it holds ({string.Join(", ", lengths.ToArray())}) values at a time, " +
                $"which a file of {length} bytes cannot: it is damaged");
    }
}
