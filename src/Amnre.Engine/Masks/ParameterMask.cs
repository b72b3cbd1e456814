using System.Numerics;

namespace Amnre.Engine.Masks;

/// <summary>A subset of a simulator's parameters: bit i stands for parameter i, and character i of its text form likewise.</summary>
/// <remarks>Size is 1..30. The text form keeps leading zeros (<c>00110</c>), so it is read as text, never as a number.</remarks>
public readonly record struct ParameterMask
{
    public const int MaxSize = 30;

    public ParameterMask(uint bits, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaxSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(bits, 1u << size);
        Bits = bits;
        Size = size;
    }

    public uint Bits { get; }

    /// <summary>Number of parameters of the simulator, D.</summary>
    public int Size { get; }

    /// <summary>Number of parameters in the subset.</summary>
    public int Count => BitOperations.PopCount(Bits);

    public bool this[int parameter] => (Bits >> parameter & 1) == 1;

    public static ParameterMask Full(int size) => new((1u << size) - 1, size);

    /// <summary>Reads <paramref name="text"/>, one character (0 or 1) per parameter.</summary>
    /// <exception cref="FormatException">Another character, or a length outside 1..30.</exception>
    public static ParameterMask Parse(string text) =>
        TryParse(text, out var mask)
            ? mask
            : throw new FormatException($"'{text}' is not a mask: write one 0 or 1 per parameter, such as 00110");

    public static bool TryParse(string text, out ParameterMask mask)
    {
        mask = default;
        if (text.Length is < 1 or > MaxSize) return false;
        uint bits = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '1') bits |= 1u << i;
            else if (text[i] != '0') return false;
        }

        mask = new ParameterMask(bits, text.Length);
        return true;
    }

    /// <summary>The parameters in the subset, ascending.</summary>
    public int[] Indices()
    {
        var indices = new int[Count];
        for (int i = 0, k = 0; i < Size; i++)
            if (this[i]) indices[k++] = i;
        return indices;
    }

    public bool IsSubsetOf(ParameterMask other) => (Bits & ~other.Bits) == 0;

    public override string ToString()
    {
        var self = this;
        return string.Create(Size, self, static (text, mask) =>
        {
            for (var i = 0; i < text.Length; i++) text[i] = mask[i] ? '1' : '0';
        });
    }
}
