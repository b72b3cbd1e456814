using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Amnre.Engine.Datasets;

/// <summary>A reading of <paramref name="Length"/> bytes at <paramref name="Position"/> of a file, to where in memory.</summary>
internal readonly record struct ReadRange(long Position, int Length, nint Target);

/// <summary>A file as the HDF5 library may read it. Past the end it finds an exception: the library asks again for ever for bytes that are
/// not there. And addresses that lead in circles come to an end, since what is read in vain is counted.</summary>
internal sealed class BoundedReading(FileStream file) : Stream
{
    /// <summary>Reads of nothing new that any honest file does with; whoever reads the same rows again and again renews it.</summary>
    private const long MostReads = 1 << 20;

    private long _reads;

    /// <summary>Length of the reads whose bytes are not fetched; longer than any piece of a description, which are read one by one.</summary>
    private int _noted = -1;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Length;

    public override long Position { get => file.Position; set => file.Position = value; }

    /// <summary>What was read last.</summary>
    public ReadRange Last { get; private set; }

    /// <summary>Where <paramref name="question"/> reads so many bytes, without fetching them; null where it does not.</summary>
    public long? Locate(int length, Action question)
    {
        (Last, _noted) = (default, length);
        try
        {
            question();
        }
        finally
        {
            _noted = -1;
        }

        return Last.Length == length ? Last.Position : null;
    }

    /// <summary>A new question to the file begins.</summary>
    public void Renew() => _reads = 0;

    /// <summary>Reads the bytes at <paramref name="position"/>, whatever the place in the stream.</summary>
    public void ReadAt(long position, Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var count = RandomAccess.Read(file.SafeFileHandle, buffer, position);
            if (count == 0) throw new EndOfStreamException("it ends before what it refers to");
            position += count;
            buffer = buffer[count..];
        }
    }

    public override unsafe int Read(Span<byte> buffer)
    {
        if (++_reads > MostReads) throw new InvalidDataException("its parts refer to one another in circles");
        Last = new ReadRange(file.Position, buffer.Length, (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(buffer)));
        if (buffer.Length == _noted)
        {
            file.Position += buffer.Length;
            return buffer.Length;
        }

        var count = file.Read(buffer);
        return count > 0 || buffer.IsEmpty ? count : throw new EndOfStreamException("it ends before what it refers to");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Dispose();
        base.Dispose(disposing);
    }
}
