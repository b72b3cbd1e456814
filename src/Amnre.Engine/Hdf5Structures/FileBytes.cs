using System.Buffers.Binary;

namespace Amnre.Engine.Hdf5Structures;

/// <summary>The bytes of an HDF5 file by address. An address counts from the superblock, which a user block may precede.</summary>
/// <remarks>What follows the end that the superblock tells is no part of it: addresses that lead there are damage, as of a file that
/// outgrew its addresses.</remarks>
internal sealed class FileBytes(FileStream file, long start, long end, int addressSize, int lengthSize) : IDisposable
{
    /// <summary>Bytes of a piece of description that no valid file exceeds.</summary>
    private const int LargestPiece = 1 << 28;

    /// <summary>Bytes of an address, and of a length, in this file.</summary>
    public int AddressSize => addressSize;

    /// <inheritdoc cref="AddressSize"/>
    public int LengthSize => lengthSize;

    /// <summary>Bytes of the file, up to the end that it tells.</summary>
    public long Length => end;

    /// <summary>Reads <paramref name="length"/> bytes of description.</summary>
    /// <exception cref="InputException">The file ends before them.</exception>
    public byte[] Take(ulong address, long length)
    {
        Check(address, length);
        if (length > LargestPiece) throw new InputException($"a part of its description says that it has {length} bytes: it is damaged");
        var bytes = new byte[length];
        Read(address, bytes);
        return bytes;
    }

    /// <summary>Reads a piece that begins with a signature of four letters, and its version.</summary>
    /// <returns>A cursor after both.</returns>
    public ByteCursor Take(ulong address, long length, ReadOnlySpan<byte> signature, int version)
    {
        var cursor = new ByteCursor(Take(address, length), this);
        if (!cursor.Bytes(4).SequenceEqual(signature) || cursor.U8() != version)
            throw new InputException($"at address {address} it should have a part of the kind " +
                $"{System.Text.Encoding.ASCII.GetString(signature)}, version {version}: it is damaged");
        return cursor;
    }

    /// <summary>Fills <paramref name="target"/> with what begins at <paramref name="address"/>.</summary>
    /// <exception cref="InputException">The file ends before.</exception>
    public void Read(ulong address, Span<byte> target)
    {
        Check(address, target.Length);
        var position = start + (long)address;
        while (target.Length > 0)
        {
            var count = RandomAccess.Read(file.SafeFileHandle, target, position);
            if (count == 0) throw new InputException("it ends before what it refers to: it is cut short or damaged");
            position += count;
            target = target[count..];
        }
    }

    /// <summary>Whether an address says that there is nothing.</summary>
    public bool IsUndefined(ulong address) => address == (addressSize == 8 ? ulong.MaxValue : (1ul << (8 * addressSize)) - 1);

    public static ulong Number(ReadOnlySpan<byte> bytes)
    {
        Span<byte> eight = stackalloc byte[8];
        eight.Clear();
        bytes.CopyTo(eight);
        return BinaryPrimitives.ReadUInt64LittleEndian(eight);
    }

    public void Dispose() => file.Dispose();

    private void Check(ulong address, long length)
    {
        var there = Length - start;
        if (length < 0 || address > (ulong)there || (ulong)length > (ulong)there - address)
            throw new InputException("it ends before what it refers to: it is cut short or damaged");
    }
}
