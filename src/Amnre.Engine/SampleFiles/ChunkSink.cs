using System.Runtime.InteropServices;
using PureHDF.VOL.Native;

namespace Amnre.Engine.SampleFiles;

/// <summary>Catches the buffer and the writer of the chunk that PureHDF is about to fill, so that whole chunks can be
/// written as bytes. PureHDF's own cache would keep every chunk in memory to the end.</summary>
internal sealed class ChunkSink : IWritingChunkCache
{
    private readonly byte[] _buffer;
    private readonly bool _filtered;
    private Action<ulong, Memory<byte>>? _write;
    private ulong _index;

    /// <param name="chunkBytes">Bytes of a whole chunk.</param>
    /// <param name="filtered">Whether chunks pass through filters, which may work in place.</param>
    public ChunkSink(int chunkBytes, bool filtered) => (_buffer, _filtered) = (new byte[chunkBytes], filtered);

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
    public void Write(Memory<float> content)
    {
        var write = _write ?? throw new InvalidOperationException("no chunk was asked for");
        _write = null;
        var bytes = MemoryMarshal.AsBytes(content.Span);
        if (bytes.Length == _buffer.Length && !_filtered)
        {
            using var whole = new FloatBytes(content);
            write(_index, whole.Memory);
            return;
        }

        bytes.CopyTo(_buffer);
        _buffer.AsSpan(bytes.Length).Clear();
        write(_index, _buffer);
    }
}
