using System.Text;

namespace Amnre.Engine.Hdf5Structures;

/// <summary>Reads little-endian fields one after the other; past the end is damage.</summary>
internal sealed class ByteCursor(ReadOnlyMemory<byte> bytes, FileBytes file)
{
    private int _position;

    public int Position => _position;

    public int Left => bytes.Length - _position;

    public ReadOnlySpan<byte> Bytes(long count)
    {
        if (count < 0 || count > Left) throw new InputException("a part of its description ends early: it is damaged");
        var taken = bytes.Span.Slice(_position, (int)count);
        _position += (int)count;
        return taken;
    }

    public void Skip(long count) => Bytes(count);

    public byte U8() => Bytes(1)[0];

    public int U16() => (int)Number(2);

    public uint U32() => (uint)Number(4);

    /// <summary>A number of one to eight bytes.</summary>
    public ulong Number(int size) => FileBytes.Number(Bytes(size));

    public ulong Address() => Number(file.AddressSize);

    public ulong Length() => Number(file.LengthSize);

    /// <summary>A text of fixed size, which a zero may end before.</summary>
    public string Text(long size)
    {
        var text = Bytes(size);
        var end = text.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
    }

    /// <summary>A text that a zero ends, with what fills it up to a multiple of <paramref name="unit"/> bytes.</summary>
    public string TextToZero(int unit)
    {
        var end = bytes.Span[_position..].IndexOf((byte)0);
        if (end < 0) throw new InputException("a part of its description ends early: it is damaged");
        var text = Encoding.UTF8.GetString(bytes.Span.Slice(_position, end));
        Skip((end + unit) / unit * unit);
        return text;
    }
}
