using PureHDF.VOL.Native;

namespace Amnre.Engine.Datasets;

/// <summary>Catches the buffer and the writer of the chunk that PureHDF is about to fill, so that whole chunks can be
/// written as bytes. PureHDF's own cache would keep every chunk in memory to the end.</summary>
internal sealed class ChunkSink : IWritingChunkCache
{
    private readonly byte[] _buffer;
    private Action<ulong, Memory<byte>>? _write;
    private ulong _index;

    public ChunkSink(int chunkBytes) => _buffer = new byte[chunkBytes];

    public Memory<byte> GetChunk(
        ulong chunkIndex, Func<Memory<byte>> chunkAllocator, Action<ulong, Memory<byte>> chunkWriter)
    {
        (_index, _write) = (chunkIndex, chunkWriter);
        return _buffer;
    }

    /// <summary>PureHDF calls this when it has put its one element into the buffer: the chunk is not complete yet.</summary>
    public void Flush(Action<ulong, Memory<byte>> chunkWriter)
    {
    }

    /// <summary>Writes <paramref name="content"/> as the chunk asked for last, filled up with zeros.</summary>
    public void Write(ReadOnlySpan<byte> content)
    {
        content.CopyTo(_buffer);
        _buffer.AsSpan(content.Length).Clear();
        (_write ?? throw new InvalidOperationException("no chunk was asked for"))(_index, _buffer);
        _write = null;
    }
}
