using Amnre.Engine.Hdf5Structures;

namespace Amnre.Engine.Hdf5Values;

/// <summary>The index of the chunks of a dataset that cannot grow. HDF5 File Format Specification 3.0, section VII.C.</summary>
internal sealed class FixedArray : IChunkArray
{
    private readonly ArrayBlock? _block;
    private readonly long _elements;

    private FixedArray(FileBytes file, ulong address)
    {
        var head = file.Take(address, 8 + file.LengthSize + file.AddressSize, "FAHD"u8, 0);
        head.Skip(1);
        ElementSize = head.U8();
        var pageBits = head.U8();
        _elements = checked((long)head.Length());
        var at = head.Address();
        if (file.IsUndefined(at)) return;
        if (pageBits > 31) throw new InputException("the index of its chunks is damaged");
        var prefix = 6 + file.AddressSize;
        file.Take(at, prefix, "FADB"u8, 0);
        var pageElements = _elements > 1L << pageBits ? 1L << pageBits : 0;
        if (pageElements == 0)
        {
            _block = new ArrayBlock(file, at + (ulong)prefix, _elements, ElementSize, 0, _ => true);
            return;
        }

        var pages = (_elements + pageElements - 1) / pageElements;
        var bitmap = file.Take(at + (ulong)prefix, (pages + 7) / 8);
        // After the bitmap a checksum of four bytes.
        _block = new ArrayBlock(file, at + (ulong)(prefix + bitmap.Length + 4), _elements, ElementSize, pageElements,
            page => (bitmap[page / 8] & 0x80 >> (int)(page % 8)) != 0);
    }

    public int ElementSize { get; }

    public static FixedArray Open(FileBytes file, ulong address) => new(file, address);

    public ByteCursor? Find(long slot) =>
        slot < _elements
        ? _block?.Find(slot)
        : throw new InputException($"the index of its chunks has {_elements} places, which are too few: it is damaged");
}
