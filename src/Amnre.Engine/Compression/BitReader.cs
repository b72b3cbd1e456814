namespace Amnre.Engine.Compression;

/// <summary>Bits of bytes, the highest first.</summary>
internal sealed class BitReader(byte[] bytes)
{
    private long _place;

    /// <summary>Whether a byte is left.</summary>
    public bool HasMore => _place + 8 <= 8L * bytes.Length;

    /// <param name="count">At most 24.</param>
    /// <exception cref="InvalidDataException">There are not so many left.</exception>
    public uint Read(int count)
    {
        if (_place + count > 8L * bytes.Length) throw new InvalidDataException("it is cut off");
        var value = 0u;
        for (var end = _place + count; _place < end;)
        {
            // What is left of the byte, or of what is asked for.
            var taken = (int)Math.Min(8 - _place % 8, end - _place);
            var part = (uint)bytes[_place / 8] >> (int)(8 - _place % 8 - taken) & ((1u << taken) - 1);
            (value, _place) = ((value << taken) | part, _place + taken);
        }

        return value;
    }

    /// <summary>To the next whole byte.</summary>
    public void Align() => _place = (_place + 7) / 8 * 8;
}
