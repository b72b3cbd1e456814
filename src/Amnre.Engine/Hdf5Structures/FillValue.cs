namespace Amnre.Engine.Hdf5Structures;

/// <summary>What values are that were never written.</summary>
internal static class FillValue
{
    /// <param name="header">Of the dataset.</param>
    /// <param name="size">Bytes of a value.</param>
    /// <returns>The bytes of one value; null where the file leaves it open.</returns>
    public static byte[]? Of(ObjectHeader header, int size)
    {
        if (header.Find(MessageKind.FillValue) is { } cursor) return Read(cursor, size);
        if (header.Find(MessageKind.OldFillValue) is { } old && old.U32() is > 0 and var length) return Sized(old, length, size);
        return new byte[size];
    }

    private static byte[]? Read(ByteCursor cursor, int size)
    {
        var version = cursor.U8();
        if (version < 3)
        {
            cursor.Skip(2);
            var defined = cursor.U8() != 0;
            // Version 1 has a length in any case; none, and no value of its own, means zeros.
            if (!defined) return version == 1 ? new byte[size] : null;
            return cursor.U32() is > 0 and var length ? Sized(cursor, length, size) : new byte[size];
        }

        var flags = cursor.U8();
        if ((flags & 0x10) != 0) return null;
        return (flags & 0x20) != 0 && cursor.U32() is > 0 and var given ? Sized(cursor, given, size) : new byte[size];
    }

    private static byte[] Sized(ByteCursor cursor, uint length, int size) =>
        length == size
        ? cursor.Bytes(size).ToArray()
        : throw new InputException($"its value to fill with has {length} bytes, but its values have {size}: it is damaged");
}
