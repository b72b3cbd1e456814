namespace Amnre.Engine.Datasets;

/// <summary>A file as the HDF5 library may read it. Past the end it finds an exception: the library asks again for ever for bytes that are
/// not there. And addresses that lead in circles come to an end, since what is read in vain is counted.</summary>
internal sealed class BoundedReading(FileStream file) : Stream
{
    /// <summary>Reads of nothing new that any honest file does with; whoever reads the same rows again and again renews it.</summary>
    private const long MostReads = 1 << 20;

    private long _reads;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Length;

    public override long Position { get => file.Position; set => file.Position = value; }

    /// <summary>A new question to the file begins.</summary>
    public void Renew() => _reads = 0;

    public override int Read(Span<byte> buffer)
    {
        if (++_reads > MostReads) throw new InvalidDataException("its parts refer to one another in circles");
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
