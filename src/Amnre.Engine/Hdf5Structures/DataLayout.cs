namespace Amnre.Engine.Hdf5Structures;

/// <summary>Kinds of index by which chunks are found.</summary>
internal enum ChunkIndexKind
{
    SingleChunk = 1,
    Implicit = 2,
    FixedArray = 3,
    ExtensibleArray = 4,
    NewTree = 5,
    OldTree = 100,
}

/// <summary>Where the values of a dataset lie. HDF5 File Format Specification 3.0, section IV.A.2.i.</summary>
internal sealed record DataLayout
{
    private const int CompactClass = 0, ContiguousClass = 1, ChunkedClass = 2, VirtualClass = 3;

    /// <summary>The values, where they stand in the header itself.</summary>
    public byte[]? Compact { get; init; }

    /// <summary>Of the values, or of the index of chunks.</summary>
    public ulong Address { get; init; }

    /// <summary>Bytes at the address, of a contiguous dataset.</summary>
    public ulong Length { get; init; }

    /// <summary>Lengths of a chunk, one more than the dataset has dimensions: the last counts the bytes of a value. Null when there are no
    /// chunks.</summary>
    public long[]? Chunk { get; init; }

    public ChunkIndexKind Index { get; init; }

    /// <summary>Whether chunks that reach beyond the dataset pass through no filter.</summary>
    public bool LeavesEdgesUnfiltered { get; init; }

    /// <summary>Bytes and filter mask of the only chunk.</summary>
    public (ulong Size, uint Mask)? Single { get; init; }

    /// <exception cref="InputException">A layout that is not read here; it is named, and what to do.</exception>
    public static DataLayout Read(ByteCursor cursor, string dataset)
    {
        var version = cursor.U8();
        if (version is not (3 or 4))
            throw new InputException($"dataset '{dataset}' has a layout of version {version}, and 3 and 4 are known here: write it again " +
                "with h5repack, or with libver=('earliest', 'v114')");
        switch (cursor.U8())
        {
            case CompactClass:
                return new DataLayout { Compact = cursor.Bytes(cursor.U16()).ToArray() };
            case ContiguousClass:
                return new DataLayout { Address = cursor.Address(), Length = cursor.Length() };
            case ChunkedClass:
                return version == 3 ? OldChunks(cursor) : NewChunks(cursor);
            case VirtualClass:
                throw new InputException($"dataset '{dataset}' is virtual: its values lie in other files, which are not followed. Copy " +
                    $"them into one: {Rewriting(dataset)}");
            case var other:
                throw new InputException($"dataset '{dataset}' has a layout of class {other}: it is damaged");
        }
    }

    /// <summary>Python that writes a file again with its values in it.</summary>
    public static string Rewriting(string dataset) =>
        $"with h5py.File('old.h5') as old, h5py.File('new.h5', 'w') as new: new['{dataset}'] = old['{dataset}'][:]";

    private static DataLayout OldChunks(ByteCursor cursor)
    {
        var rank = cursor.U8();
        return new DataLayout { Index = ChunkIndexKind.OldTree, Address = cursor.Address(), Chunk = Lengths(cursor, rank, 4) };
    }

    private static DataLayout NewChunks(ByteCursor cursor)
    {
        var (flags, rank, size) = (cursor.U8(), cursor.U8(), cursor.U8());
        if (size is 0 or > 8) throw new InputException("the lengths of its chunks are damaged");
        var layout = new DataLayout
        {
            LeavesEdgesUnfiltered = (flags & 1) != 0,
            Chunk = Lengths(cursor, rank, size),
            Index = (ChunkIndexKind)cursor.U8(),
        };
        switch (layout.Index)
        {
            case ChunkIndexKind.SingleChunk:
                if ((flags & 2) != 0) layout = layout with { Single = (cursor.Length(), cursor.U32()) };
                break;
            case ChunkIndexKind.Implicit:
                break;
            case ChunkIndexKind.FixedArray:
                cursor.Skip(1);
                break;
            case ChunkIndexKind.ExtensibleArray:
                cursor.Skip(5);
                break;
            case ChunkIndexKind.NewTree:
                cursor.Skip(6);
                break;
            default:
                throw new InputException(
                    $"its chunks are found by an index of kind {(int)layout.Index}, which is unknown here: write it again with h5repack");
        }

        return layout with { Address = cursor.Address() };
    }

    private static long[] Lengths(ByteCursor cursor, int count, int size)
    {
        var lengths = new long[count];
        for (var i = 0; i < count; i++)
        {
            lengths[i] = checked((long)cursor.Number(size));
            if (lengths[i] == 0) throw new InputException("its chunks have no values: it is damaged");
        }

        return lengths;
    }
}
