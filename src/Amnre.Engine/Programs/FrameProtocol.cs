using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Amnre.Engine.Programs;

/// <summary>Batches as bytes, little-endian. See docs/simulators.md.</summary>
/// <remarks>Request: magic <c>AMRQ</c>, u32 version, u64 batch, u32 rows n, u32 parameters D, u64 seed, u64 first row, then
/// u64 row seeds (n) and f32 theta (n, D). Reply: magic <c>AMRP</c>, u32 version, u64 batch, u32 rows, u32 values in a row, then f32 x.</remarks>
internal static class FrameProtocol
{
    public const int RequestHead = 40, ReplyHead = 24;

    private const uint Version = 1;

    private static ReadOnlySpan<byte> RequestMagic => "AMRQ"u8;

    private static ReadOnlySpan<byte> ReplyMagic => "AMRP"u8;

    public static byte[] Request(RowBatch batch)
    {
        var bytes = new byte[RequestHead + batch.Rows * (sizeof(ulong) + batch.ThetaSize * sizeof(float))];
        var rest = bytes.AsSpan();
        RequestMagic.CopyTo(rest);
        BinaryPrimitives.WriteUInt32LittleEndian(rest[4..], Version);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[8..], batch.Id);
        BinaryPrimitives.WriteUInt32LittleEndian(rest[16..], (uint)batch.Rows);
        BinaryPrimitives.WriteUInt32LittleEndian(rest[20..], (uint)batch.ThetaSize);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[24..], batch.Seed);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[32..], (ulong)batch.FirstRow);
        MemoryMarshal.AsBytes(batch.RowSeeds.AsSpan()).CopyTo(rest[RequestHead..]);
        MemoryMarshal.AsBytes(batch.Theta.Span).CopyTo(rest[(RequestHead + batch.Rows * sizeof(ulong))..]);
        return bytes;
    }

    /// <summary>Reads the reply to <paramref name="batch"/>. Never reads or holds more than the batch calls for, whatever the
    /// reply says of itself.</summary>
    /// <param name="output">The program's standard output.</param>
    /// <param name="batch">What was asked.</param>
    /// <param name="x">Receives (n, observation size).</param>
    /// <param name="stop">Ends the reading.</param>
    /// <exception cref="ProgramFault">The output ended, or is not the reply.</exception>
    public static async Task ReadReplyAsync(Stream output, RowBatch batch, Memory<float> x, CancellationToken stop)
    {
        var head = new byte[ReplyHead];
        // The magic first: a program that prints text may never print as much as a head.
        await ReadAsync(output, head.AsMemory(0, 4), 0, stop);
        CheckMagic(head);
        await ReadAsync(output, head.AsMemory(4), 4, stop);
        CheckHead(head, batch, x.Length / batch.Rows);
        var buffer = new byte[1 << 16];
        for (var done = 0; done < x.Length;)
        {
            var count = Math.Min(buffer.Length / sizeof(float), x.Length - done);
            await ReadAsync(output, buffer.AsMemory(0, count * sizeof(float)), ReplyHead + (long)done * sizeof(float), stop);
            MemoryMarshal.Cast<byte, float>(buffer.AsSpan(0, count * sizeof(float))).CopyTo(x.Span[done..]);
            done += count;
        }
    }

    private static void CheckMagic(byte[] head)
    {
        if (head.AsSpan(0, 4).SequenceEqual(ReplyMagic)) return;
        var text = string.Concat(Encoding.Latin1.GetString(head, 0, 4).Select(c => c is >= ' ' and <= '~' ? $"{c}" : $"\\x{(int)c:x2}"));
        throw new ProgramFault($"its answer begins with '{text}' instead of 'AMRP': standard output is for replies alone, so print messages to standard error");
    }

    private static void CheckHead(byte[] head, RowBatch batch, int observationSize)
    {
        Same("version", BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4)), Version);
        Same("batch", BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(8)), batch.Id);
        Same("number of rows", BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(16)), (ulong)batch.Rows);
        Same("number of values in a row", BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(20)), (ulong)observationSize);

        static void Same(string what, ulong actual, ulong expected)
        {
            if (actual != expected) throw new ProgramFault($"the {what} of its reply is {actual}, but {expected} was expected");
        }
    }

    private static async Task ReadAsync(Stream output, Memory<byte> bytes, long before, CancellationToken stop)
    {
        var count = await output.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, stop);
        if (count < bytes.Length) throw new ProgramFault($"its output ended after {before + count} bytes of a reply") { IsLeaving = true };
    }
}
