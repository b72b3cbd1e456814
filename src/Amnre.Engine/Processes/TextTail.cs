using System.Text;

namespace Amnre.Engine.Processes;

/// <summary>The end of what a program prints, in bounded memory however much that is.</summary>
internal sealed class TextTail
{
    private const int Kept = 2048;

    private readonly byte[] _ring = new byte[Kept];
    private readonly Lock _gate = new();
    private long _count;

    /// <summary>Reads until the stream ends or breaks.</summary>
    public async Task FollowAsync(Stream stream)
    {
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, CancellationToken.None) is > 0 and var count) Add(buffer.AsSpan(0, count));
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The program was killed, or let go.
        }
    }

    /// <summary>The last printed text, whole lines where it was cut; control characters are left out.</summary>
    public override string ToString()
    {
        byte[] bytes;
        bool isCut;
        lock (_gate)
        {
            isCut = _count > Kept;
            var start = isCut ? (int)(_count % Kept) : 0;
            bytes = isCut ? [.. _ring.AsSpan(start), .. _ring.AsSpan(0, start)] : _ring[..(int)_count];
        }

        var text = Encoding.UTF8.GetString(bytes);
        if (isCut && text.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end && end < text.Length - 1) text = text[(end + 1)..];
        return string.Concat(text.Where(c => !char.IsControl(c) || c is '\n' or '\t')).Trim();
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            foreach (var one in bytes) _ring[_count++ % Kept] = one;
        }
    }
}
