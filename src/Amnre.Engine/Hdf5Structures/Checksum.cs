using System.Buffers.Binary;

namespace Amnre.Engine.Hdf5Structures;

/// <summary>Fletcher's checksum of 16-bit words at the end of a chunk (filter 3 of HDF5).</summary>
internal static class Checksum
{
    /// <summary>Bytes of it.</summary>
    public const int Size = 4;

    /// <summary>Words whose sums fit into 32 bits.</summary>
    private const int Run = 360;

    /// <summary>The bytes before the checksum.</summary>
    /// <exception cref="InputException">It is not theirs.</exception>
    public static byte[] Verified(byte[] bytes)
    {
        if (bytes.Length < Size) throw new InputException("a chunk is shorter than its checksum: it is damaged");
        var content = bytes.AsSpan(0, bytes.Length - Size);
        var stored = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(bytes.Length - Size));
        var sum = Of(content);
        // Libraries before 1.6.3 wrote the bytes of each half in the opposite order.
        var old = (sum & 0x00ff00ff) << 8 | (sum & 0xff00ff00) >> 8;
        if (sum != stored && old != stored)
            throw new InputException(
                "the checksum of a chunk (fletcher32) is not that of its bytes: copy the file again, or make it again");
        return content.ToArray();
    }

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var (low, high) = (0u, 0u);
        for (var words = bytes.Length / 2; words > 0;)
        {
            var run = Math.Min(words, Run);
            words -= run;
            for (; run > 0; run--, bytes = bytes[2..])
            {
                low += BinaryPrimitives.ReadUInt16BigEndian(bytes);
                high += low;
            }

            (low, high) = (Folded(low), Folded(high));
        }

        if (bytes.Length > 0)
        {
            low += (uint)bytes[0] << 8;
            high += low;
            (low, high) = (Folded(low), Folded(high));
        }

        return Folded(high) << 16 | Folded(low);
    }

    private static uint Folded(uint sum) => (sum & 0xffff) + (sum >> 16);
}
