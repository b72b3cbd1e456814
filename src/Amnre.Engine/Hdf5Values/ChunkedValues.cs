using Amnre.Engine.Hdf5Structures;

namespace Amnre.Engine.Hdf5Values;

/// <summary>Values in chunks.</summary>
internal sealed class ChunkedValues : IValues
{
    /// <summary>Bytes of chunks that are kept for the next reading.</summary>
    private const long MaxKept = 64 << 20;

    private readonly FileBytes _file;
    private readonly DataLayout _layout;
    private readonly FilterPipeline _filters;
    private readonly ChunkGrid _grid;
    private readonly byte[]? _fill;
    private readonly string _dataset;
    private readonly long[] _lengths, _chunk;
    private readonly int _valueSize, _chunkBytes;
    private readonly Dictionary<long, byte[]> _kept = [];
    private long _keptBand = -1;
    private ChunkTable? _table;

    /// <param name="file">The file.</param>
    /// <param name="space">Of the dataset.</param>
    /// <param name="layout">Of chunks.</param>
    /// <param name="filters">That chunks passed.</param>
    /// <param name="valueSize">Bytes of a value.</param>
    /// <param name="fill">Bytes of a value that was never written; null where the file leaves it open.</param>
    /// <param name="dataset">Its name.</param>
    /// <exception cref="InputException">Chunks of other dimensions, of more bytes than such a file can hold, or through unknown
    /// filters.</exception>
    public ChunkedValues(FileBytes file, Dataspace space, DataLayout layout, FilterPipeline filters, int valueSize, byte[]? fill,
        string dataset)
    {
        (_file, _layout, _filters, _fill, _dataset, _valueSize) = (file, layout, filters, fill, dataset, valueSize);
        filters.Check(dataset);
        var chunk = layout.Chunk!;
        if (chunk.Length != space.Lengths.Length + 1 || chunk[^1] != valueSize)
            throw new InputException($"chunks of dataset '{dataset}' do not have its dimensions: it is damaged");
        (_lengths, _chunk) = (space.Lengths, chunk[..^1]);
        ValueBound.Check(file.Length, _chunk, dataset);
        _chunkBytes = (int)_chunk.Aggregate((long)valueSize, (product, length) => product * length);
        _grid = new ChunkGrid(space, _chunk);
    }

    /// <summary>Bytes of a chunk out of the file.</summary>
    public long ChunkBytes => _chunkBytes;

    public void Read(long firstRow, Span<byte> target)
    {
        var rowBytes = checked((int)_lengths.Skip(1).Aggregate((long)_valueSize, (product, length) => product * length));
        while (target.Length > 0)
        {
            var band = firstRow / _chunk[0];
            var within = firstRow % _chunk[0];
            var rows = (int)Math.Min(_chunk[0] - within, target.Length / rowBytes);
            ReadBand(band, within, rows, target[..(rows * rowBytes)]);
            target = target[(rows * rowBytes)..];
            firstRow += rows;
        }
    }

    public void Forget()
    {
        _kept.Clear();
        _keptBand = -1;
    }

    /// <summary>Rows of the chunks that begin at one row.</summary>
    private void ReadBand(long band, long within, int rows, Span<byte> target)
    {
        var place = new long[_grid.Rank];
        place[0] = band;
        if (_grid.Counts.AsSpan(1).ContainsAnyExcept(1) || !_chunk.AsSpan(1).SequenceEqual(_lengths.AsSpan(1)))
        {
            do CopyRuns(place, within, rows, target);
            while (Next(place));
            return;
        }

        // Rows lie whole in the chunk, one after the other.
        var number = _grid.Number(place);
        var rowBytes = target.Length / rows;
        if (Stored(number) is not { } stored) PlainValues.Fill(target, _fill, _dataset);
        else if (_filters.IsEmpty || IsUnfiltered(place)) _file.Read(checked(Whole(stored).Address + (ulong)(within * rowBytes)), target);
        else Chunk(number, place).AsSpan((int)(within * rowBytes), target.Length).CopyTo(target);
    }

    /// <summary>Copies what a chunk has of some rows, run by run along the last dimension.</summary>
    private void CopyRuns(long[] place, long within, int rows, Span<byte> target)
    {
        var chunk = Chunk(_grid.Number(place), place);
        int rank = place.Length, last = rank - 1;
        var counts = new long[rank];
        for (var i = 0; i < rank; i++) counts[i] = i == 0 ? rows : Math.Min(_chunk[i], _lengths[i] - place[i] * _chunk[i]);
        var run = checked((int)(rank == 1 ? counts[0] * _valueSize : counts[last] * _valueSize));
        var at = new long[rank];
        do
        {
            long from = 0, to = 0;
            for (var i = 0; i < rank; i++)
            {
                from = from * _chunk[i] + (i == 0 ? within + at[0] : at[i]);
                to = i == 0 ? at[0] : to * _lengths[i] + place[i] * _chunk[i] + at[i];
            }

            chunk.AsSpan((int)(from * _valueSize), run).CopyTo(target[(int)(to * _valueSize)..]);
        }
        while (Step(at, counts, last));
    }

    /// <summary>The next place before the last dimension; false after the last one.</summary>
    private static bool Step(long[] at, long[] counts, int last)
    {
        for (var i = last - 1; i >= 0; i--)
        {
            if (++at[i] < counts[i]) return true;
            at[i] = 0;
        }

        return false;
    }

    /// <summary>The next chunk that begins at the same row; false after the last one.</summary>
    private bool Next(long[] place)
    {
        for (var i = place.Length - 1; i > 0; i--)
        {
            if (++place[i] < _grid.Counts[i]) return true;
            place[i] = 0;
        }

        return false;
    }

    /// <summary>The bytes of a whole chunk, with what lies beyond the dataset.</summary>
    private byte[] Chunk(long number, long[] place)
    {
        if (_kept.TryGetValue(number, out var known)) return known;
        // Chunks of the same rows are kept together, since the next rows are likely in them; others are no longer wanted.
        if (_keptBand != place[0] || (_kept.Count + 1L) * _chunkBytes > MaxKept) _kept.Clear();
        _keptBand = place[0];
        return _kept[number] = Loaded(number, place);
    }

    private byte[] Loaded(long number, long[] place)
    {
        if (Stored(number) is not { } stored)
        {
            var filled = new byte[_chunkBytes];
            PlainValues.Fill(filled, _fill, _dataset);
            return filled;
        }

        if (_filters.IsEmpty || IsUnfiltered(place)) return Bytes(Whole(stored));
        return _filters.Undo(Bytes(stored), stored.Mask, _chunkBytes);
    }

    private byte[] Bytes(StoredChunk stored)
    {
        // Filters may make a chunk a little larger.
        if (stored.Size > 2L * _chunkBytes + 4096)
            throw new InputException(
                $"a chunk of dataset '{_dataset}' has {stored.Size} bytes in the file, but {_chunkBytes} out of it: it is damaged");
        var bytes = new byte[stored.Size];
        _file.Read(stored.Address, bytes);
        return bytes;
    }

    private StoredChunk? Stored(long number) =>
        (_table ??= ChunkTable.Read(_file, _layout, _grid, _chunkBytes, !_filters.IsEmpty)).Find(number);

    /// <summary>Whether a chunk reaches beyond the dataset, and such chunks were left as they are.</summary>
    private bool IsUnfiltered(long[] place)
    {
        if (!_layout.LeavesEdgesUnfiltered) return false;
        for (var i = 0; i < place.Length; i++)
        {
            if ((place[i] + 1) * _chunk[i] > _lengths[i]) return true;
        }

        return false;
    }

    private StoredChunk Whole(StoredChunk stored) =>
        stored.Size == _chunkBytes
        ? stored
        : throw new InputException($"a chunk of dataset '{_dataset}' has {stored.Size} bytes instead of {_chunkBytes}: it is damaged");
}
