namespace Amnre.Engine.Hdf5Structures;

/// <summary>Values of any length, of the whole file. HDF5 File Format Specification 3.0, section III.E.</summary>
internal static class GlobalHeap
{
    private const int ObjectHead = 8;

    /// <param name="file">The file.</param>
    /// <param name="reference">Length of the value, address of its collection, number in it.</param>
    /// <exception cref="InputException">There is none.</exception>
    public static byte[] Object(FileBytes file, ByteCursor reference)
    {
        var (length, address, number) = (reference.U32(), reference.Address(), reference.U32());
        if (length == 0 || address == 0) return [];
        var head = file.Take(address, 8 + file.LengthSize, "GCOL"u8, 1);
        head.Skip(3);
        var left = checked((long)head.Length()) - 8 - file.LengthSize;
        for (var at = address + 8 + (ulong)file.LengthSize; left >= ObjectHead + file.LengthSize;)
        {
            var cursor = new ByteCursor(file.Take(at, ObjectHead + file.LengthSize), file);
            var index = cursor.U16();
            cursor.Skip(6);
            var size = checked((long)cursor.Length());
            // Number 0 is the room that is free.
            if (index == 0) break;
            if (index == number) return length <= size
                ? file.Take(at + ObjectHead + (ulong)file.LengthSize, length)
                : throw new InputException("a text of it is damaged");
            var all = checked(ObjectHead + file.LengthSize + (size + 7) / 8 * 8);
            (at, left) = (at + (ulong)all, left - all);
        }

        throw new InputException("a text that it refers to is not there: it is damaged");
    }
}
