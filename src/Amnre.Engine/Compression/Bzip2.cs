namespace Amnre.Engine.Compression;

/// <summary>Unpacks bzip2, in which the benchmark's reference draws are kept and which .NET does not read.</summary>
internal static class Bzip2
{
    private const ulong BlockStart = 0x314159265359, StreamEnd = 0x177245385090;

    private const int GroupSize = 50, MaxCodeLength = 20;

    /// <param name="packed">One or more streams, one after the other.</param>
    /// <param name="limit">Most bytes that are unpacked.</param>
    /// <exception cref="InvalidDataException">Not bzip2, damaged, cut off, or larger than the limit.</exception>
    public static byte[] Unpack(byte[] packed, int limit)
    {
        var (bits, unpacked) = (new BitReader(packed), new List<byte>());
        do
        {
            if (bits.Read(24) != 0x425A68) throw new InvalidDataException("it does not begin as bzip2 does");
            var level = bits.Read(8) - '0';
            if (level is < 1 or > 9) throw new InvalidDataException("its block size is none of bzip2's");
            for (var combined = 0u; ;)
            {
                var magic = ((ulong)bits.Read(24) << 24) | bits.Read(24);
                var check = (bits.Read(16) << 16) | bits.Read(16);
                if (magic == StreamEnd)
                {
                    if (check != combined) throw new InvalidDataException("its checksum is wrong");
                    break;
                }

                if (magic != BlockStart) throw new InvalidDataException("a block does not begin as bzip2's do");
                var sum = Block(bits, (int)level * 100_000, unpacked, limit);
                if (sum != check) throw new InvalidDataException("the checksum of a block is wrong");
                combined = ((combined << 1) | (combined >> 31)) ^ sum;
            }

            bits.Align();
        } while (bits.HasMore);
        return [.. unpacked];
    }

    /// <returns>Checksum of what the block holds.</returns>
    private static uint Block(BitReader bits, int size, List<byte> unpacked, int limit)
    {
        if (bits.Read(1) != 0) throw new InvalidDataException("it is of a version before 0.9.5");
        var origin = (int)bits.Read(24);
        var symbols = Alphabet(bits);
        var last = Symbols(bits, symbols, size, out var counts);
        if (origin >= last.Length) throw new InvalidDataException("a block points outside itself");

        // The inverse of Burrows and Wheeler's transform: where the row before each one is.
        var starts = new int[256];
        for (int symbol = 1, sum = 0; symbol < 256; symbol++) starts[symbol] = sum += counts[symbol - 1];
        var next = new int[last.Length];
        for (var i = 0; i < last.Length; i++) next[starts[last[i]]++] = i;
        var (place, written) = (next[origin], new RunWriter(unpacked, limit));
        for (var i = 0; i < last.Length; i++, place = next[place]) written.Take(last[place]);
        return written.Checksum;
    }

    private static List<byte> Alphabet(BitReader bits)
    {
        var (ranges, symbols) = (bits.Read(16), new List<byte>());
        for (var range = 0; range < 16; range++)
        {
            if ((ranges >> (15 - range) & 1) == 0) continue;
            var used = bits.Read(16);
            for (var i = 0; i < 16; i++)
                if ((used >> (15 - i) & 1) == 1) symbols.Add((byte)(16 * range + i));
        }

        return symbols.Count > 0 ? symbols : throw new InvalidDataException("a block has no symbols");
    }

    /// <summary>The last column of the sorted rotations: Huffman's codes, then moves to the front and lengths of runs undone.</summary>
    private static byte[] Symbols(BitReader bits, List<byte> symbols, int size, out int[] counts)
    {
        var (groups, selectors) = ((int)bits.Read(3), new byte[bits.Read(15)]);
        if (groups is < 2 or > 6 || selectors.Length == 0) throw new InvalidDataException("a block has no codes");
        List<byte> order = [.. Enumerable.Range(0, groups).Select(group => (byte)group)];
        for (var i = 0; i < selectors.Length; i++)
        {
            var position = 0;
            while (bits.Read(1) == 1)
                if (++position >= groups) throw new InvalidDataException("a block names a code that it lacks");
            selectors[i] = ToFront(order, position);
        }

        var codes = Enumerable.Range(0, groups).Select(_ => new HuffmanCode(Lengths(bits, symbols.Count + 2))).ToArray();
        var (end, found, repeat, weight) = (symbols.Count + 1, new List<byte>(), 0, 1);
        counts = new int[256];
        for (var read = 0; ; read++)
        {
            if (read / GroupSize >= selectors.Length) throw new InvalidDataException("a block does not end");
            var symbol = codes[selectors[read / GroupSize]].Read(bits);
            if (symbol <= 1)
            {
                // Digits 1 and 2 of a number in base two, the lowest first.
                if (weight > size) throw new InvalidDataException("a block is larger than it may be");
                repeat += weight << symbol;
                weight <<= 1;
                continue;
            }

            if (repeat > 0) Add(found, symbols[0], repeat, size, counts);
            (repeat, weight) = (0, 1);
            if (symbol == end) return [.. found];
            Add(found, ToFront(symbols, symbol - 1), 1, size, counts);
        }
    }

    private static void Add(List<byte> found, byte symbol, int copies, int size, int[] counts)
    {
        if (found.Count + (long)copies > size) throw new InvalidDataException("a block is larger than it may be");
        for (var i = 0; i < copies; i++) found.Add(symbol);
        counts[symbol] += copies;
    }

    private static byte ToFront(List<byte> list, int position)
    {
        var value = list[position];
        list.RemoveAt(position);
        list.Insert(0, value);
        return value;
    }

    /// <summary>Of the code of each symbol, as differences from the one before.</summary>
    private static int[] Lengths(BitReader bits, int symbols)
    {
        var (lengths, length) = (new int[symbols], (int)bits.Read(5));
        for (var symbol = 0; symbol < symbols; symbol++)
        {
            while (true)
            {
                if (length is < 1 or > MaxCodeLength) throw new InvalidDataException("a code is too long");
                if (bits.Read(1) == 0) break;
                length += bits.Read(1) == 0 ? 1 : -1;
            }

            lengths[symbol] = length;
        }

        return lengths;
    }
}
