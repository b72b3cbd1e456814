using System.Numerics;

namespace Amnre.Engine.Hdf5Structures;

/// <summary>A heap of links or attributes, where a group or an object has many. HDF5 File Format Specification 3.0, section
/// III.G.</summary>
internal sealed class FractalHeap
{
    private const int Managed = 0, Tiny = 2;

    private readonly FileBytes _file;
    private readonly int _width, _offsetSize, _lengthSize, _directRows, _rootRows;
    private readonly ulong _startSize, _root;

    public FractalHeap(FileBytes file, ulong address)
    {
        _file = file;
        var head = file.Take(address, 22 + 3 * file.AddressSize + 12 * file.LengthSize, "FRHP"u8, 0);
        var (_, filters) = (head.U16(), head.U16());
        head.Skip(1);
        if (filters != 0) throw new InputException("its links or attributes are compressed: write it again with h5repack");
        var largestObject = head.U32();
        head.Skip(2 * file.AddressSize + 10 * file.LengthSize);
        _width = head.U16();
        _startSize = head.Length();
        var largestBlock = head.Length();
        var bits = head.U16();
        head.Skip(2);
        _root = head.Address();
        _rootRows = head.U16();
        if (_width == 0 || bits > 64 || !BitOperations.IsPow2(_startSize) || !BitOperations.IsPow2(largestBlock)
            || largestBlock < _startSize)
            throw new InputException("a heap of it is damaged");
        _offsetSize = (bits + 7) / 8;
        _lengthSize = Math.Min(BitOperations.Log2(largestBlock) / 8 + 1, BitOperations.Log2(Math.Max(largestObject, 1)) / 8 + 1);
        _directRows = BitOperations.Log2(largestBlock) - BitOperations.Log2(_startSize) + 2;
    }

    /// <summary>An object of the heap.</summary>
    /// <param name="id">As a tree of names gives it.</param>
    /// <returns>Null for one of more than 64 KiB, which is kept elsewhere: nothing that is looked for here is so large.</returns>
    /// <exception cref="InputException">Damage.</exception>
    public ReadOnlyMemory<byte>? Object(ReadOnlySpan<byte> id)
    {
        var kind = id[0] >> 4 & 3;
        if (kind == Tiny) return id.Slice(1, Math.Min((id[0] & 15) + 1, id.Length - 1)).ToArray();
        if (kind != Managed) return null;
        var (offset, length) = (FileBytes.Number(id.Slice(1, _offsetSize)), (long)FileBytes.Number(id.Slice(1 + _offsetSize, _lengthSize)));
        var (address, start) = _rootRows == 0 ? (_root, 0ul) : Block(_root, 0, _rootRows, offset);
        if (_file.IsUndefined(address)) throw new InputException("a heap of it is damaged");
        return _file.Take(checked(address + (offset - start)), length);
    }

    /// <summary>The direct block that an offset lies in, and the offset that it begins at.</summary>
    private (ulong Address, ulong Start) Block(ulong indirect, ulong start, int rows, ulong offset)
    {
        for (var depth = 0; depth < 64; depth++)
        {
            var (row, column, at) = Place(offset - start, rows);
            var direct = Math.Min(rows, _directRows);
            var prefix = 5 + _file.AddressSize + _offsetSize;
            _file.Take(indirect, prefix, "FHIB"u8, 0);
            var entry = new ByteCursor(
                _file.Take(checked(indirect + (ulong)(prefix + ((long)row * _width + column) * _file.AddressSize)), _file.AddressSize),
                _file).Address();
            start += at;
            if (row < direct) return (entry, start);
            // An indirect block covers as much as a direct one of its row would.
            (indirect, rows) = (entry, BitOperations.Log2(RowSize(row)) - BitOperations.Log2(_startSize * (ulong)_width) + 1);
        }

        throw new InputException("a heap of it is damaged");
    }

    private (int Row, int Column, ulong At) Place(ulong offset, int rows)
    {
        var at = 0ul;
        for (var row = 0; row < rows; row++)
        {
            var size = RowSize(row);
            var all = checked(size * (ulong)_width);
            if (offset < at + all) return (row, (int)((offset - at) / size), at + (offset - at) / size * size);
            at += all;
        }

        throw new InputException("a heap of it is damaged");
    }

    /// <summary>Bytes of a block of a row: the first two rows have the least, each later one twice as many.</summary>
    private ulong RowSize(int row) => row == 0 ? _startSize : row < 64 - BitOperations.Log2(_startSize)
        ? _startSize << (row - 1)
        : throw new InputException("a heap of it is damaged");
}
