using System.IO.Compression;

namespace Amnre.Engine.Hdf5Structures;

/// <summary>What was done to the bytes of a chunk before they were stored, to be undone in the opposite order.
/// HDF5 File Format Specification 3.0, section IV.A.2.l.</summary>
internal sealed class FilterPipeline
{
    private const int Deflate = 1, Shuffle = 2, Fletcher = 3, Lzf = 32000;

    private static readonly Dictionary<int, string> Names = new()
    {
        [4] = "szip",
        [5] = "n-bit",
        [6] = "scale-offset",
        [32001] = "blosc",
        [32004] = "lz4",
        [32008] = "bitshuffle",
        [32013] = "zfp",
        [32015] = "zstd",
        [32017] = "sz",
        [32026] = "blosc2",
    };

    private readonly List<(int Id, uint[] Options)> _filters = [];

    /// <summary>Nothing is done.</summary>
    public static FilterPipeline None { get; } = new();

    public bool IsEmpty => _filters.Count == 0;

    public static FilterPipeline Read(ByteCursor cursor)
    {
        var pipeline = new FilterPipeline();
        var (version, count) = (cursor.U8(), cursor.U8());
        if (version is not (1 or 2))
            throw new InputException(
                $"its filters are described in version {version}, which is unknown here: write it again without filters");
        if (version == 1) cursor.Skip(6);
        for (var i = 0; i < count; i++)
        {
            var id = cursor.U16();
            var named = version == 1 || id >= 256;
            var nameSize = named ? cursor.U16() : 0;
            cursor.Skip(2);
            var options = new uint[cursor.U16()];
            cursor.Skip(version == 1 ? (nameSize + 7) / 8 * 8 : nameSize);
            for (var option = 0; option < options.Length; option++) options[option] = cursor.U32();
            if (version == 1 && options.Length % 2 == 1) cursor.Skip(4);
            pipeline._filters.Add((id, options));
        }

        return pipeline;
    }

    /// <summary>Refuses filters that are not known here.</summary>
    /// <param name="dataset">Its name.</param>
    /// <exception cref="InputException">It names the filter, and how to write the file without it.</exception>
    public void Check(string dataset)
    {
        foreach (var (id, _) in _filters)
        {
            if (id is Deflate or Shuffle or Fletcher or Lzf) continue;
            throw new InputException(
                $"dataset '{dataset}' is compressed by the filter {(Names.TryGetValue(id, out var name) ? name : $"number {id}")}, which " +
                    "is not known here (gzip, shuffle, fletcher32 and lzf are): write it again with compression='gzip', or without");
        }
    }

    /// <summary>The bytes of a chunk as they were before the filters.</summary>
    /// <param name="stored">As in the file.</param>
    /// <param name="mask">Bit i: filter i was left out.</param>
    /// <param name="size">Bytes that come out.</param>
    /// <exception cref="InputException">Damage, or a checksum that is not that of the bytes.</exception>
    public byte[] Undo(byte[] stored, uint mask, int size)
    {
        var bytes = stored;
        for (var i = _filters.Count - 1; i >= 0; i--)
        {
            if ((mask >> i & 1) != 0) continue;
            var (id, options) = _filters[i];
            bytes = id switch
            {
                Deflate => Inflated(bytes, size + Checksum.Size * _filters.Count),
                Shuffle => Unshuffled(bytes, options.Length > 0 ? (int)options[0] : 1),
                Fletcher => Checksum.Verified(bytes),
                _ => LzfCompression.Decompress(bytes, size + Checksum.Size * _filters.Count),
            };
        }

        return bytes.Length == size
            ? bytes
            : throw new InputException($"a chunk has {bytes.Length} bytes instead of {size}: it is damaged");
    }

    /// <param name="bytes">Compressed.</param>
    /// <param name="most">Bytes that come out at most.</param>
    private static byte[] Inflated(byte[] bytes, int most)
    {
        using var source = new ZLibStream(new MemoryStream(bytes), CompressionMode.Decompress);
        var result = new byte[most];
        try
        {
            var count = source.ReadAtLeast(result, most, throwOnEndOfStream: false);
            if (count == most && source.ReadByte() >= 0) throw new InputException("a chunk holds more than it should: it is damaged");
            return count == most ? result : result[..count];
        }
        catch (InvalidDataException damage)
        {
            throw new InputException("a compressed chunk is damaged: copy the file again, or make it again", damage);
        }
    }

    /// <summary>First bytes of all values stood together, then second ones, and so on; what is left over stands at the end as it
    /// was.</summary>
    private static byte[] Unshuffled(byte[] bytes, int size)
    {
        if (size <= 1 || bytes.Length < size) return bytes;
        var (result, values) = (new byte[bytes.Length], bytes.Length / size);
        for (var part = 0; part < size; part++)
        {
            var column = bytes.AsSpan(part * values, values);
            for (int i = 0, at = part; i < column.Length; i++, at += size) result[at] = column[i];
        }

        bytes.AsSpan(values * size).CopyTo(result.AsSpan(values * size));
        return result;
    }
}
