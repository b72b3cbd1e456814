using System.Buffers;
using System.Runtime.InteropServices;

namespace Amnre.Engine.SampleFiles;

/// <summary>The same memory seen as bytes.</summary>
internal sealed class FloatBytes(Memory<float> values) : MemoryManager<byte>
{
    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(values.Span);

    public override MemoryHandle Pin(int elementIndex = 0) =>
        elementIndex % sizeof(float) == 0
        ? values[(elementIndex / sizeof(float))..].Pin()
        : throw new ArgumentOutOfRangeException(nameof(elementIndex));

    public override void Unpin()
    {
        // The handle that Pin returned does it.
    }

    protected override void Dispose(bool disposing)
    {
    }
}
