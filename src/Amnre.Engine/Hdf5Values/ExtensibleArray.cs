using System.Numerics;
using Amnre.Engine.Hdf5Structures;

namespace Amnre.Engine.Hdf5Values;

/// <summary>The index of the chunks of a dataset that can grow along one dimension: some elements in the index block itself, then data
/// blocks that double in size, which the index block names, or super blocks that name them. HDF5 File Format Specification 3.0, section
/// VII.D.</summary>
internal sealed class ExtensibleArray : IChunkArray
{
    private readonly FileBytes _file;
    private readonly int _firstElements, _minElements, _firstSuperBlocks, _offsetSize;
    private readonly long _pageElements;
    private readonly ByteCursor? _elements;
    private readonly byte[] _elementBytes = [];
    private readonly ulong[] _dataBlocks = [], _superBlocks = [];
    private readonly Dictionary<ulong, ArrayBlock> _blocks = [];
    private readonly Dictionary<ulong, (byte[] Pages, ulong[] Blocks)> _supers = [];

    private ExtensibleArray(FileBytes file, ulong address)
    {
        _file = file;
        var head = file.Take(address, 12 + 6 * file.LengthSize + file.AddressSize, "EAHD"u8, 0);
        head.Skip(1);
        ElementSize = head.U8();
        var bits = head.U8();
        (_firstElements, _minElements) = (head.U8(), head.U8());
        var (minPointers, pageBits) = (head.U8(), head.U8());
        if (bits > 64 || pageBits > 31 || !BitOperations.IsPow2(_minElements) || !BitOperations.IsPow2(minPointers)
            || ElementSize < file.AddressSize)
            throw new InputException("the index of its chunks is damaged");
        head.Skip(6 * file.LengthSize);
        var index = head.Address();
        (_offsetSize, _pageElements) = ((bits + 7) / 8, 1L << pageBits);
        if (file.IsUndefined(index)) return;
        _firstSuperBlocks = 2 * BitOperations.Log2((uint)minPointers);
        var blocks = 2 * (minPointers - 1);
        var superBlocks = Math.Max(0, 1 + bits - BitOperations.Log2((uint)_minElements) - _firstSuperBlocks);
        var cursor = file.Take(index, 6 + file.AddressSize + _firstElements * ElementSize + (long)(blocks + superBlocks) * file.AddressSize,
            "EAIB"u8, 0);
        cursor.Skip(1 + file.AddressSize);
        _elementBytes = cursor.Bytes(_firstElements * ElementSize).ToArray();
        _dataBlocks = Addresses(cursor, blocks);
        _superBlocks = Addresses(cursor, superBlocks);
        _elements = cursor;
    }

    public int ElementSize { get; }

    public static ExtensibleArray Open(FileBytes file, ulong address) => new(file, address);

    public ByteCursor? Find(long slot)
    {
        if (_elements is null) return null;
        if (slot < _firstElements) return new ByteCursor(_elementBytes.AsMemory((int)slot * ElementSize, ElementSize), _file);
        slot -= _firstElements;
        // Super block k has 2^(k/2) data blocks of 2^((k+1)/2) times the least number of elements.
        var super = BitOperations.Log2((ulong)(slot / _minElements + 1));
        var (superBlocks, blockElements) = (1L << super / 2, (1L << (super + 1) / 2) * _minElements);
        slot -= ((1L << super) - 1) * _minElements;
        var (block, within) = (slot / blockElements, slot % blockElements);
        if (super < _firstSuperBlocks)
        {
            var before = Enumerable.Range(0, super).Sum(k => 1L << k / 2);
            return Within(At(_dataBlocks, before + block), blockElements, within, 0, []);
        }

        var address = At(_superBlocks, super - _firstSuperBlocks);
        if (_file.IsUndefined(address)) return null;
        if (!_supers.TryGetValue(address, out var found)) _supers[address] = found = SuperBlock(address, superBlocks, blockElements);
        return Within(At(found.Blocks, block), blockElements, within, block * (blockElements / _pageElements), found.Pages);
    }

    /// <param name="address">Of the data block.</param>
    /// <param name="elements">Elements in it.</param>
    /// <param name="within">The one wanted.</param>
    /// <param name="firstPage">Number of its first page among those of its super block.</param>
    /// <param name="pages">A bit for each page of the super block that was written.</param>
    private ByteCursor? Within(ulong address, long elements, long within, long firstPage, byte[] pages)
    {
        if (_file.IsUndefined(address)) return null;
        if (!_blocks.TryGetValue(address, out var block))
        {
            var prefix = 6 + _file.AddressSize + _offsetSize;
            _file.Take(address, prefix, "EADB"u8, 0);
            var isPaged = elements > _pageElements;
            // With pages, a checksum of four bytes ends what stands before them.
            block = _blocks[address] = new ArrayBlock(
                _file, address + (ulong)(prefix + (isPaged ? 4 : 0)), elements, ElementSize, isPaged ? _pageElements : 0,
                page => (firstPage + page) / 8 < pages.Length
                    && (pages[(firstPage + page) / 8] & 0x80 >> (int)((firstPage + page) % 8)) != 0);
        }

        return block.Find(within);
    }

    private (byte[] Pages, ulong[] Blocks) SuperBlock(ulong address, long blocks, long blockElements)
    {
        var pageBytes = blockElements > _pageElements ? (blockElements / _pageElements + 7) / 8 : 0;
        var cursor = _file.Take(address, 6 + _file.AddressSize + _offsetSize + blocks * (pageBytes + _file.AddressSize), "EASB"u8, 0);
        cursor.Skip(1 + _file.AddressSize + _offsetSize);
        return (cursor.Bytes(blocks * pageBytes).ToArray(), Addresses(cursor, blocks));
    }

    private static ulong[] Addresses(ByteCursor cursor, long count)
    {
        var addresses = new ulong[count];
        for (var i = 0; i < count; i++) addresses[i] = cursor.Address();
        return addresses;
    }

    private static ulong At(ulong[] addresses, long index) =>
        index < addresses.Length ? addresses[index] : throw new InputException("the index of its chunks has too few places: it is damaged");
}
