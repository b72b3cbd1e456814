namespace Amnre.Engine.Compression;

/// <summary>What a block of bzip2 holds: after four equal bytes stands how many more there are.</summary>
/// <param name="written">Receives the bytes.</param>
/// <param name="limit">Most bytes that it may hold.</param>
internal sealed class RunWriter(List<byte> written, int limit)
{
    private const int RunLength = 4;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(value =>
    {
        var sum = (uint)value << 24;
        for (var bit = 0; bit < 8; bit++) sum = (sum & 0x80000000) != 0 ? (sum << 1) ^ 0x04C11DB7 : sum << 1;
        return sum;
    })];

    private int _equal, _last = -1;
    private uint _sum = uint.MaxValue;

    /// <summary>Checksum of the bytes.</summary>
    public uint Checksum => ~_sum;

    /// <exception cref="InvalidDataException">There are more bytes than may be.</exception>
    public void Take(byte value)
    {
        if (_equal == RunLength)
        {
            Write((byte)_last, value);
            (_equal, _last) = (0, -1);
            return;
        }

        Write(value, 1);
        _equal = value == _last ? _equal + 1 : 1;
        _last = value;
    }

    private void Write(byte value, int copies)
    {
        if (written.Count + copies > limit) throw new InvalidDataException($"it holds more than {limit} bytes");
        for (var i = 0; i < copies; i++)
        {
            written.Add(value);
            _sum = (_sum << 8) ^ Table[(_sum >> 24) ^ value];
        }
    }
}
