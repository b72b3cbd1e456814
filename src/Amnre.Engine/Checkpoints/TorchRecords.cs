using System.IO.Compression;

namespace Amnre.Engine.Checkpoints;

/// <summary>The raw elements in a PyTorch archive, read when a tensor asks for them; tensors may share a record.</summary>
/// <param name="archive">Of <c>torch.save</c>.</param>
/// <param name="root">Folder in it.</param>
/// <param name="length">Bytes of the archive.</param>
internal sealed class TorchRecords(ZipArchive archive, string root, long length)
{
    /// <summary>Most bytes of elements taken from one archive: a bound on what a crafted file can make us allocate. Tensors may be
    /// views that repeat their record, but not without end.</summary>
    private readonly long _maxBytes = Math.Min(16L << 30, (16L << 20) + 64 * length);

    private const int MaxDimensions = 64;

    private readonly Dictionary<string, byte[]> _records = [];
    private long _bytes;

    /// <summary>The tensor of the given sizes and strides (in elements) that begins at <paramref name="offset"/>, made dense.</summary>
    /// <exception cref="FormatException">It reaches outside its record, the record is missing, or all is too large.</exception>
    public StoredTensor Gather(TorchValue.Storage storage, long offset, long[] sizes, long[] strides)
    {
        if (sizes.Length != strides.Length || sizes.Length > MaxDimensions || sizes.Any(size => size < 0)
            || strides.Any(stride => stride < 0) || offset < 0)
            throw new FormatException("it has a tensor of impossible sizes");
        long elements, last;
        try
        {
            elements = StoredTensor.Elements(sizes);
            last = offset;
            for (var d = 0; d < sizes.Length && elements > 0; d++) last = checked(last + (sizes[d] - 1) * strides[d]);
        }
        catch (OverflowException)
        {
            throw new FormatException("it has a tensor of impossible sizes");
        }

        if (elements == 0) return new StoredTensor(storage.Type, sizes, []);
        if (last >= storage.Elements) throw new FormatException($"it has a tensor that reaches outside its record '{storage.Key}'");

        var size = storage.Type.Size();
        var record = Record(storage);
        if (offset == 0 && elements == storage.Elements && IsDense(sizes, strides)) return new StoredTensor(storage.Type, sizes, record);

        var result = Allocate(elements, size);
        Copy(record, offset, sizes, strides, 0, result, size);
        return new StoredTensor(storage.Type, sizes, result);
    }

    private byte[] Record(TorchValue.Storage storage)
    {
        if (_records.TryGetValue(storage.Key, out var known))
            return known.LongLength == checked(storage.Elements * storage.Type.Size())
                ? known
                : throw new FormatException($"it describes its record '{storage.Key}' in two ways");

        var name = $"{root}/data/{storage.Key}";
        var entry = archive.GetEntry(name) ?? throw new FormatException($"its record '{name}' is missing");
        var size = storage.Type.Size();
        if (storage.Elements < 0 || storage.Elements > entry.Length / size)
            throw new FormatException($"its record '{name}' holds {entry.Length} bytes, fewer than the {storage.Elements} elements said");

        using var stream = Open(entry);
        var record = Allocate(storage.Elements, size);
        stream.ReadExactly(record);
        _records[storage.Key] = record;
        return record;
    }

    private byte[] Allocate(long elements, int size)
    {
        if (elements > Array.MaxLength / size) throw new FormatException("it has a tensor of more than 2 GiB");
        var bytes = elements * size;
        Use(bytes);
        return new byte[bytes];
    }

    /// <summary>Counts <paramref name="bytes"/> of elements that are looked through.</summary>
    /// <exception cref="FormatException">They are more than an honest file of this length holds.</exception>
    public void Use(long bytes)
    {
        _bytes += bytes;
        if (_bytes > _maxBytes)
            throw new FormatException(
                $"its tensors take more than {_maxBytes >> 20} MiB, which is out of proportion to its {length} bytes");
    }

    /// <summary>The content of an entry. <c>torch.save</c> does not compress; others may, but a few bytes must not stand for any
    /// number.</summary>
    public Stream Open(ZipArchiveEntry entry) => entry.Length <= _maxBytes
        ? entry.Open()
        : throw new FormatException(
            $"its {entry.Name} unpacks to {entry.Length} bytes, which is out of proportion to the archive's {length}");

    /// <summary>Sizes or strides.</summary>
    public static long[] Integers(TorchValue.Sequence sequence) => sequence.Items.Count <= MaxDimensions
        ? [.. sequence.Items.Select(item => item is TorchValue.Integer number
            ? number.Value
            : throw new FormatException("it has a size that is not an integer"))]
        : throw new FormatException($"it has a tensor of more than {MaxDimensions} dimensions");

    private static int Copy(byte[] from, long offset, ReadOnlySpan<long> sizes, ReadOnlySpan<long> strides, int written, byte[] to,
        int size)
    {
        if (sizes.IsEmpty)
        {
            Array.Copy(from, offset * size, to, written, size);
            return written + size;
        }

        if (sizes.Length == 1 && strides[0] == 1)
        {
            var bytes = (int)(sizes[0] * size);
            Array.Copy(from, offset * size, to, written, bytes);
            return written + bytes;
        }

        for (var i = 0L; i < sizes[0]; i++) written = Copy(from, offset + i * strides[0], sizes[1..], strides[1..], written, to, size);
        return written;
    }

    private static bool IsDense(long[] sizes, long[] strides)
    {
        var expected = 1L;
        for (var d = sizes.Length - 1; d >= 0; d--)
        {
            if (sizes[d] != 1 && strides[d] != expected) return false;
            expected *= sizes[d];
        }

        return true;
    }
}
