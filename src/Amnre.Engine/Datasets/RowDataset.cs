using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PureHDF;
using PureHDF.Selections;
using PureHDF.VOL.Native;

namespace Amnre.Engine.Datasets;

/// <summary>An HDF5 dataset of float32 rows, (n, …), read by rows.</summary>
internal sealed class RowDataset
{
    /// <summary>Bytes from which the runtime puts an array where it does not move.</summary>
    private const int LargeArray = 85_000;

    private readonly NativeDataset _dataset;
    private readonly ulong[] _dimensions;
    private readonly ChunkWindow _window = new();
    private readonly BoundedReading _stream;

    /// <summary>Rows in a chunk, or 0 when rows do not lie whole in one chunk.</summary>
    private readonly int _chunkRows;

    /// <summary>Whether chunks lie in the file as they are in memory, with no filter between: known after the first one.</summary>
    private bool _plain;

    /// <param name="dataset">The dataset.</param>
    /// <param name="name">Its name.</param>
    /// <param name="stream">Its file.</param>
    /// <exception cref="InputException">Not a dataset of float32 rows.</exception>
    public RowDataset(NativeDataset dataset, string name, BoundedReading stream)
    {
        (_dataset, _stream) = (dataset, stream);
        _dimensions = dataset.Space.Dimensions;
        if (dataset.Type.Class != H5DataTypeClass.FloatingPoint || dataset.Type.Size != sizeof(float))
            throw new InputException($"dataset '{name}' holds {dataset.Type.Class} of {dataset.Type.Size} bytes: make it float32");
        if (_dimensions.Length < 1)
            throw new InputException($"dataset '{name}' is a scalar: its first dimension must count rows");
        Rows = (long)_dimensions[0];
        RowShape = [.. _dimensions.Skip(1).Select(length => checked((int)length))];
        RowSize = RowShape.Aggregate(1, (a, b) => checked(a * b));
        if (RowSize == 0)
            throw new InputException($"dataset '{name}' is ({string.Join(", ", _dimensions)}): its rows hold no values, make it again");
        if (dataset.Layout.Class == H5DataLayoutClass.Chunked
            && dataset.Layout.Chunks.AsSpan(1, _dimensions.Length - 1).SequenceEqual(_dimensions.AsSpan(1)))
        {
            // Chunks are read whole.
            Hdf5Input.Bound(stream.Length, dataset.Layout.Chunks, name);
            _chunkRows = checked((int)dataset.Layout.Chunks[0]);
        }
    }

    public long Rows { get; }

    public IReadOnlyList<int> RowShape { get; }

    public int RowSize { get; }

    /// <summary>Reads rows [<paramref name="firstRow"/>, firstRow + n).</summary>
    /// <param name="firstRow">First row.</param>
    /// <param name="values">Receives (n, RowSize), row-major; its length decides n.</param>
    public void Read(long firstRow, Span<float> values)
    {
        if (_chunkRows == 0)
        {
            Select(firstRow, values, values.Length / RowSize, _dimensions[1..], new SimpleReadingChunkCache());
            return;
        }

        while (values.Length > 0)
        {
            var index = firstRow / _chunkRows;
            var whole = _chunkRows * RowSize;
            if (_plain && firstRow % _chunkRows == 0 && values.Length >= whole && !_window.Holds(index) && TryReadPlain(index, values[..whole]))
            {
                values = values[whole..];
                firstRow += _chunkRows;
                continue;
            }

            var chunk = Chunk(index);
            var rest = chunk[(int)(firstRow % _chunkRows * RowSize)..];
            var count = Math.Min(rest.Length, values.Length);
            rest[..count].CopyTo(values);
            values = values[count..];
            firstRow += count / RowSize;
        }
    }

    /// <summary>Lets go of the chunk read last.</summary>
    public void Forget() => _window.Forget();

    private ReadOnlySpan<float> Chunk(long index)
    {
        var held = _window.Holds(index);
        var element = Ask(index, _window);
        var chunk = MemoryMarshal.Cast<byte, float>(_window.Bytes.Span);
        if (BitConverter.SingleToInt32Bits(chunk[0]) != BitConverter.SingleToInt32Bits(element))
            throw new InputException("its numbers are not little-endian: write them as '<f4'");
        // Large arrays stay where they are, so that the same place means the same array: the file was read right into it.
        if (!held) _plain = _window.Bytes.Length >= LargeArray && IsTarget(_stream.Last, _window.Bytes.Span);
        return chunk;
    }

    /// <summary>Reads a whole chunk right to where it is wanted: the library would make, clear and fill an array of its own for it.</summary>
    /// <returns>False where the file has no such chunk, but a value to fill it with.</returns>
    private bool TryReadPlain(long index, Span<float> values)
    {
        var bytes = MemoryMarshal.AsBytes(values);
        if (_stream.Locate(bytes.Length, () => Ask(index, new ChunkWindow())) is not { } position) return false;
        _stream.ReadAt(position, bytes);
        return true;
    }

    /// <summary>Asks for the first element of a chunk; the window catches the whole chunk on the way.</summary>
    private float Ask(long index, ChunkWindow window)
    {
        Span<float> element = stackalloc float[1];
        var ones = new ulong[_dimensions.Length - 1];
        Array.Fill(ones, 1ul);
        Select(index * _chunkRows, element, 1, ones, window);
        return element[0];
    }

    private static unsafe bool IsTarget(ReadRange read, Span<byte> bytes) =>
        read.Length == bytes.Length && read.Target == (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes));

    private void Select(long firstRow, Span<float> values, long rows, ulong[] blocks, IReadingChunkCache cache)
    {
        var starts = new ulong[_dimensions.Length];
        starts[0] = (ulong)firstRow;
        _dataset.Read(
            new H5DatasetAccess(ChunkCache: cache), values,
            fileSelection: new HyperslabSelection(_dimensions.Length, starts, [(ulong)rows, .. blocks]));
    }
}
