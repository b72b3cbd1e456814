namespace Amnre.Engine.Compression;

/// <summary>A canonical code: symbols by the length of their codes, and among equals by their numbers.</summary>
internal sealed class HuffmanCode
{
    private readonly int[] _counts, _symbols;

    /// <param name="lengths">Bits of each symbol's code, 1 or more.</param>
    public HuffmanCode(int[] lengths)
    {
        _counts = new int[lengths.Max() + 1];
        foreach (var length in lengths) _counts[length]++;
        _symbols = [.. Enumerable.Range(0, lengths.Length).OrderBy(symbol => lengths[symbol])];
    }

    /// <exception cref="InvalidDataException">The bits are no code.</exception>
    public int Read(BitReader bits)
    {
        for (int length = 1, code = 0, first = 0, index = 0; length < _counts.Length; length++)
        {
            code |= (int)bits.Read(1);
            var count = _counts[length];
            if (code - first < count && code >= first) return _symbols[index + code - first];
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }

        throw new InvalidDataException("its bits are no code");
    }
}
