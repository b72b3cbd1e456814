using Amnre.Engine.Hdf5Structures;
using Amnre.Engine.Hdf5Values;

namespace Amnre.Engine.Hdf5;

/// <summary>A dataset of numbers. For one thread at a time.</summary>
internal sealed class Hdf5Dataset
{
    private readonly FileBytes _file;
    private readonly ObjectHeader _header;
    private readonly IValues _values;
    private readonly long _rowValues;

    /// <exception cref="InputException">No dataset, or one whose values cannot be read here: how it is stored is named, and what to
    /// do.</exception>
    public Hdf5Dataset(ObjectHeader header, string name)
    {
        (_file, _header, Name) = (header.File, header, name);
        if (header.Find(MessageKind.Datatype) is not { } type || header.Find(MessageKind.Dataspace) is not { } space
            || header.Find(MessageKind.Layout) is not { } layout)
            throw new InputException($"'{name}' is no dataset");
        if (header.Has(MessageKind.ExternalFiles))
            throw new InputException($"dataset '{name}' has its values in external files, which are not followed. Copy them into one: " +
                $"{DataLayout.Rewriting(name)}");
        Type = StoredType.Read(type);
        var extent = Dataspace.Read(space);
        if (extent.IsEmpty) throw new InputException($"dataset '{name}' is empty: it has a type, but no values");
        Dimensions = extent.Lengths;
        if (Type.Size == 0) throw new InputException($"values of dataset '{name}' have no bytes: it is damaged");
        Rows = Dimensions is [var rows, ..] ? rows : 1;
        _rowValues = Dimensions.Skip(1).Aggregate(1L, (product, length) => checked(product * length));
        _values = Values(extent, DataLayout.Read(layout, name));
    }

    public string Name { get; }

    public StoredType Type { get; }

    /// <summary>Lengths of the dimensions; none of a scalar.</summary>
    public long[] Dimensions { get; }

    /// <summary>Length of the first dimension; 1 of a scalar.</summary>
    public long Rows { get; }

    /// <summary>Bytes of a chunk out of the file; 0 where there are no chunks.</summary>
    public long ChunkBytes { get; private set; }

    public Hdf5Attributes Attributes => new(_header);

    /// <summary>Reads rows [<paramref name="firstRow"/>, firstRow + n) as float32; the length of <paramref name="target"/> decides
    /// n.</summary>
    /// <exception cref="InputException">Damage, or a value that float32 does not hold.</exception>
    public void Read(long firstRow, Span<float> target)
    {
        if (target.Length == 0) return;
        if (Type.IsPlainSingle)
        {
            _values.Read(firstRow, System.Runtime.InteropServices.MemoryMarshal.AsBytes(target));
            return;
        }

        Read(firstRow, target, NumberConversion.ToSingles);
    }

    /// <summary>Reads rows [<paramref name="firstRow"/>, firstRow + n) as float64.</summary>
    /// <inheritdoc cref="Read(long, Span{float})" path="/exception"/>
    public void Read(long firstRow, Span<double> target) => Read(firstRow, target, NumberConversion.ToDoubles);

    private delegate void Conversion<T>(StoredType type, ReadOnlySpan<byte> bytes, Span<T> values, string name);

    private void Read<T>(long firstRow, Span<T> target, Conversion<T> convert)
    {
        if (target.Length == 0) return;
        // In pieces of some 64 KiB: what is stored need not lie in memory all at once.
        var rows = (int)Math.Clamp((1 << 16) / (_rowValues * Type.Size), 1, target.Length / _rowValues);
        var stored = new byte[checked(rows * _rowValues * Type.Size)];
        for (; target.Length > 0; firstRow += rows)
        {
            var values = target[..(int)Math.Min(target.Length, rows * _rowValues)];
            var bytes = stored.AsSpan(0, values.Length * Type.Size);
            _values.Read(firstRow, bytes);
            convert(Type, bytes, values, Name);
            target = target[values.Length..];
        }
    }

    /// <summary>All values, rounded to float32 where they are of another type.</summary>
    /// <exception cref="InputException">Damage, more values than the file can hold, or one that float32 does not hold.</exception>
    public float[] Singles()
    {
        var values = new float[Count()];
        Read(0, values);
        return values;
    }

    /// <summary>All values.</summary>
    /// <inheritdoc cref="Singles" path="/exception"/>
    public double[] Doubles()
    {
        var values = new double[Count()];
        NumberConversion.ToDoubles(Type, Stored(), values, Name);
        return values;
    }

    /// <summary>All values, which are integers.</summary>
    /// <inheritdoc cref="Singles" path="/exception"/>
    public long[] Integers()
    {
        var stored = Stored();
        var values = new long[Count()];
        for (var i = 0; i < values.Length; i++)
            values[i] = checked((long)NumberConversion.Integer(Type, stored.AsSpan(i * Type.Size, Type.Size), Name));
        return values;
    }

    /// <summary>All values as they are stored.</summary>
    /// <inheritdoc cref="Singles" path="/exception"/>
    public byte[] Stored()
    {
        var bytes = new byte[checked(Count() * Type.Size)];
        if (bytes.Length > 0) _values.Read(0, bytes);
        return bytes;
    }

    /// <summary>Lets go of what was kept for the next reading.</summary>
    public void Forget() => _values.Forget();

    /// <exception cref="InputException">It claims more values than the file can hold.</exception>
    public void RequireValues() => ValueBound.Check(_file.Length, Dimensions, Name);

    private int Count()
    {
        RequireValues();
        return (int)(Rows * _rowValues);
    }

    private IValues Values(Dataspace space, DataLayout layout)
    {
        var fill = FillValue.Of(_header, Type.Size);
        if (layout.Chunk is null) return new PlainValues(_file, layout, Rows, checked(_rowValues * Type.Size), fill, Name);
        var filters = _header.Find(MessageKind.Filters) is { } cursor ? FilterPipeline.Read(cursor) : FilterPipeline.None;
        var values = new ChunkedValues(_file, space, layout, filters, Type.Size, fill, Name);
        ChunkBytes = values.ChunkBytes;
        return values;
    }
}
