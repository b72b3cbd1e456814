using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Amnre.Engine.Programs;

/// <summary>Batches as bytes, little-endian. See docs/simulators.md.</summary>
/// <remarks>Request: magic <c>AMRQ</c>, u32 version, u64 batch, u32 rows n, u32 parameters D, u64 seed, u64 first row, then
/// u64 row seeds (n) and f32 theta (n, D). Reply: magic <c>AMRP</c>, u32 version, u64 batch, u32 rows, u32 values in a row, then f32
/// x. A request for likelihoods has the magic <c>AMRL</c>, the number of observed values S instead of the seed, and after the head f32
/// theta (n, D) and f32 x (S); the reply has two as the number of values in a row, then f64 log p(x | theta) (n).</remarks>
internal static class FrameProtocol
{
    public const int RequestHead = 40, ReplyHead = 24;

    private const uint Version = 1;

    private static ReadOnlySpan<byte> RequestMagic => "AMRQ"u8;

    private static ReadOnlySpan<byte> LikelihoodMagic => "AMRL"u8;

    private static ReadOnlySpan<byte> ReplyMagic => "AMRP"u8;

    public static byte[] Request(RowBatch batch)
    {
        var seeds = batch.AsksLikelihood ? [] : batch.RowSeeds;
        var bytes = new byte[RequestHead + seeds.Length * sizeof(ulong) + (batch.Theta.Length + batch.Observed.Length) * sizeof(float)];
        var rest = bytes.AsSpan();
        (batch.AsksLikelihood ? LikelihoodMagic : RequestMagic).CopyTo(rest);
        BinaryPrimitives.WriteUInt32LittleEndian(rest[4..], Version);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[8..], batch.Id);
        BinaryPrimitives.WriteUInt32LittleEndian(rest[16..], (uint)batch.Rows);
        BinaryPrimitives.WriteUInt32LittleEndian(rest[20..], (uint)batch.ThetaSize);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[24..], batch.AsksLikelihood ? (ulong)batch.Observed.Length : batch.Seed);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[32..], (ulong)batch.FirstRow);
        rest = rest[RequestHead..];
        MemoryMarshal.AsBytes(seeds.AsSpan()).CopyTo(rest);
        MemoryMarshal.AsBytes(batch.Theta.Span).CopyTo(rest[(seeds.Length * sizeof(ulong))..]);
        MemoryMarshal.AsBytes(batch.Observed.Span).CopyTo(rest[^(batch.Observed.Length * sizeof(float))..]);
        return bytes;
    }

    /// <summary>Reads the reply to <paramref name="batch"/>. Never reads or holds more than the batch calls for, whatever the
    /// reply says of itself.</summary>
    /// <param name="output">The program's standard output.</param>
    /// <param name="batch">What was asked.</param>
    /// <param name="x">Receives (n, observation size).</param>
    /// <param name="received">Counts the bytes of the reply that have come.</param>
    /// <param name="stop">Ends the reading.</param>
    /// <exception cref="ProgramException">The output ended, or is not the reply.</exception>
    public static async Task ReadReplyAsync(Stream output, RowBatch batch, Memory<float> x, ReceivedBytes received, CancellationToken stop)
    {
        var head = new byte[ReplyHead];
        // The magic first: a program that prints text may never print as much as a head.
        await ReadAsync(output, head.AsMemory(0, 4), received, stop);
        CheckMagic(head);
        await ReadAsync(output, head.AsMemory(4), received, stop);
        CheckHead(head, batch, x.Length / batch.Rows);
        var buffer = new byte[1 << 16];
        for (var done = 0; done < x.Length;)
        {
            var count = Math.Min(buffer.Length / sizeof(float), x.Length - done);
            await ReadAsync(output, buffer.AsMemory(0, count * sizeof(float)), received, stop);
            MemoryMarshal.Cast<byte, float>(buffer.AsSpan(0, count * sizeof(float))).CopyTo(x.Span[done..]);
            done += count;
        }
    }

    /// <summary>What is wrong with a reply that continues after its last value.</summary>
    /// <param name="batch">What was asked.</param>
    /// <param name="values">Values of the reply.</param>
    /// <param name="more">Bytes that came after it.</param>
    public static ProgramException Surplus(RowBatch batch, int values, long more)
    {
        var bytes = (long)values * sizeof(float);
        if (batch.AsksLikelihood)
            return new ProgramException($"{more} bytes or more follow its reply, which has {batch.Rows} likelihoods of float64, {bytes} " +
                "bytes: write log p(x | theta) of each row, and print messages to standard error")
            {
                IsFinal = true,
            };
        var guess = more == bytes ? ". It looks like float64" : "";
        return new ProgramException(
            $"{more} bytes or more follow its reply, which has {batch.Rows} rows of {values / batch.Rows} float32, {bytes} bytes{guess}: "
            + "write x as little-endian float32 (numpy: x.astype('<f4')), and print messages to standard error")
        {
            IsFinal = true,
        };
    }

    /// <summary>What is wrong with a reply of which only a part came.</summary>
    /// <param name="batch">What was asked.</param>
    /// <param name="values">Values of the reply.</param>
    /// <param name="came">Bytes that came, with the head.</param>
    /// <returns>Null when nothing of the values came: a program that is slow, or hangs.</returns>
    public static string? Shortage(RowBatch batch, int values, long came)
    {
        var bytes = (long)values * sizeof(float);
        return came <= ReplyHead || came >= ReplyHead + bytes
            ? null
            : batch.AsksLikelihood
            ? $"{came - ReplyHead} bytes of likelihoods came, but {batch.Rows} of float64 have {bytes}: write log p(x | theta) of each " +
                "row, as little-endian float64"
            : $"{came - ReplyHead} bytes of x came, but {batch.Rows} rows of {values / batch.Rows} float32 have {bytes}: write all rows, " +
                "as little-endian float32";
    }

    private static void CheckMagic(byte[] head)
    {
        if (head.AsSpan(0, 4).SequenceEqual(ReplyMagic)) return;
        var text = string.Concat(Encoding.Latin1.GetString(head, 0, 4).Select(c => c is >= ' ' and <= '~' ? $"{c}" : $"\\x{(int)c:x2}"));
        throw new ProgramException($"its answer begins with '{text}' instead of 'AMRP': standard output is for replies alone, so print " +
            "messages to standard error")
        { IsFinal = true };
    }

    private static void CheckHead(byte[] head, RowBatch batch, int observationSize)
    {
        Same("version", BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4)), Version);
        Same("batch", BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(8)), batch.Id);
        Same("number of rows", BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(16)), (ulong)batch.Rows);
        Same("number of values in a row", BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(20)), (ulong)observationSize);

        static void Same(string what, ulong actual, ulong expected)
        {
            if (actual != expected)
                throw new ProgramException($"the {what} of its reply is {actual}, but {expected} was expected") { IsFinal = true };
        }
    }

    private static async Task ReadAsync(Stream output, Memory<byte> bytes, ReceivedBytes received, CancellationToken stop)
    {
        while (bytes.Length > 0)
        {
            var count = await output.ReadAsync(bytes, stop);
            if (count == 0) throw new ProgramException($"its output ended after {received.Count} bytes of a reply") { IsLeaving = true };
            received.Count += count;
            bytes = bytes[count..];
        }
    }
}
