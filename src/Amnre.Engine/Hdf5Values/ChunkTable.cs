using Amnre.Engine.Hdf5Structures;

namespace Amnre.Engine.Hdf5Values;

/// <summary>A chunk in the file.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Size">Its bytes there.</param>
/// <param name="Mask">Bit i: filter i was left out.</param>
internal readonly record struct StoredChunk(ulong Address, long Size, uint Mask);

/// <summary>Where the chunks of a dataset are, read once. A chunk that is not in it was never written.</summary>
/// <remarks>HDF5 File Format Specification 3.0, sections III.A (old trees) and VII (new indexes).</remarks>
internal sealed class ChunkTable
{
    private readonly Dictionary<long, StoredChunk> _chunks = [];
    private readonly FileBytes _file;
    private readonly ChunkGrid _grid;
    private readonly long _chunkBytes;
    private readonly bool _isFiltered;
    private IChunkArray? _array;
    private ulong? _implicit;

    private ChunkTable(FileBytes file, ChunkGrid grid, long chunkBytes, bool isFiltered) =>
        (_file, _grid, _chunkBytes, _isFiltered) = (file, grid, chunkBytes, isFiltered);

    /// <param name="file">The file.</param>
    /// <param name="layout">Of chunks.</param>
    /// <param name="grid">How they tile the dataset.</param>
    /// <param name="chunkBytes">Of a chunk without filters.</param>
    /// <param name="isFiltered">Whether there are filters, so that chunks have sizes of their own.</param>
    public static ChunkTable Read(FileBytes file, DataLayout layout, ChunkGrid grid, long chunkBytes, bool isFiltered)
    {
        var table = new ChunkTable(file, grid, chunkBytes, isFiltered);
        if (file.IsUndefined(layout.Address)) return table;
        switch (layout.Index)
        {
            case ChunkIndexKind.SingleChunk:
                table.Add(0,
                    new StoredChunk(layout.Address, layout.Single is { } single
                        ? checked((long)single.Size)
                        : chunkBytes, layout.Single?.Mask ?? 0));
                break;
            case ChunkIndexKind.Implicit:
                table._implicit = layout.Address;
                break;
            case ChunkIndexKind.FixedArray:
                table._array = FixedArray.Open(file, layout.Address);
                break;
            case ChunkIndexKind.ExtensibleArray:
                table._array = ExtensibleArray.Open(file, layout.Address);
                break;
            case ChunkIndexKind.NewTree:
                table.AddTree(layout.Address);
                break;
            default:
                table.AddOldTree(layout.Address);
                break;
        }

        return table;
    }

    /// <summary>The chunk of a number; null when it was never written.</summary>
    public StoredChunk? Find(long number)
    {
        if (_implicit is { } first) return new StoredChunk(checked(first + (ulong)(_grid.Slot(number) * _chunkBytes)), _chunkBytes, 0);
        if (_array is null) return _chunks.TryGetValue(number, out var known) ? known : null;
        return _array.Find(_grid.Slot(number)) is { } element && Element(element, _array.ElementSize) is var chunk
            && !_file.IsUndefined(chunk.Address) ? chunk : null;
    }

    private void Add(long? number, StoredChunk chunk)
    {
        if (number is not { } known || _file.IsUndefined(chunk.Address)) return;
        if (!_chunks.TryAdd(known, chunk)) throw new InputException("a chunk of it is there twice: it is damaged");
    }

    /// <summary>An address; with filters, a size and a mask after it.</summary>
    private StoredChunk Element(ByteCursor cursor, int size)
    {
        var address = cursor.Address();
        if (!_isFiltered) return new StoredChunk(address, _chunkBytes, 0);
        return new StoredChunk(address, checked((long)cursor.Number(SizeBytes(size - _file.AddressSize - 4))), cursor.U32());
    }

    private static int SizeBytes(int bytes) => bytes is > 0 and <= 8
        ? bytes
        : throw new InputException("the index of its chunks is damaged");

    private void AddTree(ulong address)
    {
        var place = new ulong[_grid.Rank];
        foreach (var (cursor, size) in NewTree.Records(_file, address, _isFiltered ? NewTree.FilteredChunks : NewTree.Chunks))
        {
            var chunk = Element(cursor, size - 8 * _grid.Rank);
            for (var i = 0; i < place.Length; i++) place[i] = cursor.Number(8);
            Add(_grid.Inside(place), chunk);
        }
    }

    private void AddOldTree(ulong address)
    {
        var first = new ulong[_grid.Rank];
        foreach (var (key, child) in OldTree.Leaves(_file, address, OldTree.Chunks, 8 + 8 * (_grid.Rank + 1)))
        {
            var (size, mask) = (key.U32(), key.U32());
            for (var i = 0; i < first.Length; i++) first[i] = key.Number(8);
            Add(_grid.At(first), new StoredChunk(child, size, mask));
        }
    }
}
