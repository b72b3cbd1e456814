namespace Amnre.Engine.Hdf5Structures;

/// <summary>Lengths of dimensions: of a dataset, and those that it may grow to. None of either for a scalar.</summary>
/// <remarks>HDF5 File Format Specification 3.0, section IV.A.2.b.</remarks>
internal sealed record Dataspace(long[] Lengths, long[] Limits, bool IsEmpty)
{
    /// <summary>A limit that is none.</summary>
    public const long Unlimited = -1;

    private const int MaxDimensions = 32;

    public static Dataspace Read(ByteCursor cursor)
    {
        var (version, rank, flags, kind) = (cursor.U8(), cursor.U8(), cursor.U8(), cursor.U8());
        if (version is not (1 or 2) || rank > MaxDimensions)
            throw new InputException($"its dataspace is of version {version} with {rank} dimensions: it is damaged");
        if (version == 1) cursor.Skip(4);
        var lengths = new long[rank];
        for (var i = 0; i < rank; i++) lengths[i] = checked((long)cursor.Length());
        var limits = (long[])lengths.Clone();
        if ((flags & 1) != 0)
        {
            for (var i = 0; i < rank; i++) limits[i] = cursor.Length() is var limit && limit <= long.MaxValue ? (long)limit : Unlimited;
        }

        return new Dataspace(lengths, limits, version == 2 && kind == 2);
    }
}
