using System.Buffers.Binary;

namespace Amnre.Engine.Datasets;

/// <summary>The head of an HDF5 file, read only to tell a wrong or cut file from a whole one.
/// HDF5 File Format Specification 3.0, section II.A.</summary>
internal static class Hdf5Superblock
{
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <exception cref="InputException">Not HDF5, or shorter than it says it is.</exception>
    public static void Check(FileStream file)
    {
        Span<byte> head = stackalloc byte[48];
        var count = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (count < head.Length || !head.StartsWith(Signature))
            throw new InputException("it is not an HDF5 file");

        // Addresses of eight bytes are the only kind in use; others are left to the reader.
        var (sizeOfOffsets, endOfFile) = head[8] < 2 ? (head[13], 40) : (head[9], 28);
        if (sizeOfOffsets != 8) return;
        var expected = BinaryPrimitives.ReadUInt64LittleEndian(head[endOfFile..]);
        if ((ulong)file.Length < expected)
            throw new InputException($"it is cut short ({file.Length} of {expected} bytes): copy or make it again");
    }
}
