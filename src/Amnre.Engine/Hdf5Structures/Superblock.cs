namespace Amnre.Engine.Hdf5Structures;

/// <summary>The head of an HDF5 file: where it begins, how wide addresses are, where the root group is.
/// HDF5 File Format Specification 3.0, section II.A.</summary>
internal static class Superblock
{
    private const int SymbolTables = 1, Messages = 3, OpenForWriting = 1;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <returns>The file's bytes, and the address of the root group's header.</returns>
    /// <exception cref="InputException">Not HDF5, shorter than it says it is, or one part of several files.</exception>
    public static (FileBytes Bytes, ulong Root) Read(FileStream file)
    {
        var start = Start(file) ?? throw new InputException("it is not an HDF5 file");
        Span<byte> head = stackalloc byte[128];
        head.Clear();
        var count = RandomAccess.Read(file.SafeFileHandle, head, start);
        var version = head[8];
        if (version > Messages)
            throw new InputException(
                $"its superblock is of version {version}, which is unknown here: write it again with libver=('earliest', 'v114')");
        if (version == Messages && (head[11] & OpenForWriting) != 0)
            throw new InputException("it is being written, or its writer ended without closing it: wait for its end, or write it again " +
                "('h5clear -s' marks it as closed)");
        var (addressSize, lengthSize) = version <= SymbolTables ? (head[13], head[14]) : (head[9], head[10]);
        if (addressSize is not (2 or 4 or 8) || lengthSize is not (2 or 4 or 8))
            throw new InputException($"it says that addresses have {addressSize} bytes and lengths {lengthSize}: it is damaged");
        var fields = version switch { 0 => 24, 1 => 28, _ => 12 };
        if (count < fields + 5 * addressSize + lengthSize) throw new InputException("it is cut short: copy or make it again");
        var end = FileBytes.Number(head.Slice(fields + 2 * addressSize, addressSize));
        if ((ulong)file.Length < end) throw new InputException($"it is cut short ({file.Length} of {end} bytes): copy or make it again");
        if (end < (ulong)start) throw new InputException("it says that it ends before it begins: it is damaged");
        var bytes = new FileBytes(file, start, checked((long)end), addressSize, lengthSize);
        var third = FileBytes.Number(head.Slice(fields + 3 * addressSize, addressSize));
        if (version > SymbolTables) return (bytes, third);
        if (!bytes.IsUndefined(third))
            throw new InputException("it is one of several files that hold an HDF5 file together (family or split driver): put them " +
                "together with h5repart or h5repack");
        // The root group's entry: the library writes the offset of its name as a length, where the specification has an address.
        return (bytes, FileBytes.Number(head.Slice(fields + 4 * addressSize + lengthSize, addressSize)));
    }

    /// <summary>Where the signature stands: at 0, or after a user block at 512, 1024, 2048 and so on.</summary>
    private static long? Start(FileStream file)
    {
        Span<byte> head = stackalloc byte[8];
        for (var start = 0L; start < file.Length; start = start == 0 ? 512 : 2 * start)
        {
            if (RandomAccess.Read(file.SafeFileHandle, head, start) == head.Length && head.SequenceEqual(Signature)) return start;
        }

        return null;
    }
}
