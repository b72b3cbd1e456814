using PureHDF;
using PureHDF.VOL.Native;

namespace Amnre.Engine.Datasets;

/// <summary>HDF5 files for reading.</summary>
internal static class Hdf5Input
{
    /// <summary>Bytes that one byte of deflate can stand for.</summary>
    private const double MostDeflated = 1032;

    private const double Spare = 1 << 20;

    /// <summary>Opens the file at <paramref name="path"/>; where its head is damaged, nothing stays open, which the library's own
    /// opening by path does not see to.</summary>
    /// <remarks>Damage shows as whatever exception it leads the library to.</remarks>
    public static NativeFile Open(string path) => Open(path, out _);

    /// <inheritdoc cref="Open(string)"/>
    /// <param name="path">The file.</param>
    /// <param name="stream">Where it is read from; to be renewed before each question, where there are many.</param>
    public static NativeFile Open(string path, out BoundedReading stream)
    {
        stream = new BoundedReading(PlainFile.Open(path));
        try
        {
            return H5File.Open(stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a dataset, or a chunk of one, that a file of this length cannot hold, before anybody makes room for it.</summary>
    /// <param name="length">Bytes of the file.</param>
    /// <param name="lengths">Of its dimensions.</param>
    /// <param name="name">Of the dataset.</param>
    /// <exception cref="InputException">It says that it holds more.</exception>
    public static void Bound(long length, ReadOnlySpan<ulong> lengths, string name)
    {
        var bytes = (double)sizeof(double);
        foreach (var size in lengths) bytes *= size;
        if (bytes > Spare + MostDeflated * length || bytes > Array.MaxLength)
            throw new InputException($"dataset '{name}' says that it holds ({string.Join(", ", lengths.ToArray())}) values at a time, which a file of {length} bytes cannot: it is damaged");
    }
}
