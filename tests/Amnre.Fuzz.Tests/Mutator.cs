using System.Buffers.Binary;
using System.Text;
using Amnre.Engine.Randomness;

namespace Amnre.Fuzz.Tests;

/// <summary>Makes inputs out of seeds: each is a function of (seed, target, number) alone.</summary>
/// <param name="seeds">Whole inputs that the parser takes.</param>
/// <param name="tokens">Words of the format.</param>
/// <param name="isText">Lines and fields are changed too: what is left is well formed, and says something else.</param>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds, IReadOnlyList<byte[]> tokens, bool isText = false)
{
    private const int MaxChanges = 6, Longest = 1 << 20, LongestNest = 20_000;

    private static readonly ulong[] Bounds =
    [
        0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x7fffffffffffffff,
        0x8000000000000000, 0xffffffffffffffff, 0xfffffffffffffffe, 1ul << 40, 1ul << 60,
    ];

    private static readonly string[] Numbers =
    [
        "0", "-1", "1e400", "-1e400", "1e-400", "NaN", "Infinity", "-Infinity", "2147483648", "-2147483649", "9223372036854775808",
        "18446744073709551616",
        "99999999999999999999999999999999", "0.1", "1e3", "null", "true", "\"\"", "[]", "{}", "٣",
    ];

    /// <summary>One in sixteen is a seed as it is.</summary>
    public byte[] Make(ulong seed, ulong number)
    {
        var random = new CounterRandom(seed, RandomPurpose.None, number);
        var bytes = new List<byte>(seeds[(int)random.NextBelow((uint)seeds.Count)]);
        if (random.NextBelow(16) == 0) return [.. bytes];
        for (var changes = 1 + random.NextBelow(MaxChanges); changes > 0 && bytes.Count > 0; changes--) Change(bytes, ref random);
        return [.. bytes.Take(Longest)];
    }

    private void Change(List<byte> bytes, ref CounterRandom random)
    {
        var at = Place(bytes.Count, ref random);
        var rest = bytes.Count - at;
        switch (random.NextBelow(isText ? 24u : 12u))
        {
            case >= 18: TextChanges.Field(bytes, at, seeds, ref random); break;
            case >= 12: TextChanges.Line(bytes, at, ref random); break;
            case 0 or 1: bytes[at] ^= (byte)(1 << (int)random.NextBelow(8)); break;
            case 2: bytes[at] = (byte)random.NextUInt32(); break;
            case 3: bytes.RemoveRange(at, rest); break;
            case 4: bytes.RemoveRange(at, Length(rest, ref random)); break;
            case 5: bytes.InsertRange(at, bytes.GetRange(at, Length(rest, ref random))); break;
            case 6: Splice(bytes, at, ref random); break;
            case 7 or 8: Integer(bytes, at, ref random); break;
            case 9: bytes.InsertRange(at, Token(ref random)); break;
            case 10: Nest(bytes, at, ref random); break;
            default: Number(bytes, at, ref random); break;
        }
    }

    /// <summary>Half of all changes are at the ends, where formats keep what describes the rest.</summary>
    private static int Place(int count, ref CounterRandom random)
    {
        const int End = 2048;
        var near = (uint)Math.Min(End, count);
        return random.NextBelow(4) switch
        {
            0 => (int)random.NextBelow(near),
            1 => count - 1 - (int)random.NextBelow(near),
            _ => (int)random.NextBelow((uint)count),
        };
    }

    private static int Length(int rest, ref CounterRandom random) =>
        1 + (int)random.NextBelow((uint)Math.Min(rest, 1 << (int)random.NextBelow(14)));

    private void Splice(List<byte> bytes, int at, ref CounterRandom random)
    {
        var other = seeds[(int)random.NextBelow((uint)seeds.Count)];
        var from = (int)random.NextBelow((uint)other.Length);
        var count = Length(other.Length - from, ref random);
        if (random.NextBelow(2) == 0) bytes.RemoveRange(at, Math.Min(count, bytes.Count - at));
        bytes.InsertRange(at, other.AsSpan(from, count));
    }

    private static void Integer(List<byte> bytes, int at, ref CounterRandom random)
    {
        var width = 1 << (int)random.NextBelow(4);
        Span<byte> value = stackalloc byte[8];
        var bound = Bounds[(int)random.NextBelow((uint)Bounds.Length)];
        if (random.NextBelow(4) == 0) BinaryPrimitives.WriteUInt64BigEndian(value, bound << (64 - 8 * width));
        else BinaryPrimitives.WriteUInt64LittleEndian(value, bound);
        // Fields are aligned as a rule.
        at -= random.NextBelow(2) == 0 ? at % width : 0;
        for (var i = 0; i < width && at + i < bytes.Count; i++) bytes[at + i] = value[i];
    }

    private byte[] Token(ref CounterRandom random) => tokens[(int)random.NextBelow((uint)tokens.Count)];

    private void Nest(List<byte> bytes, int at, ref CounterRandom random)
    {
        var token = Token(ref random);
        var times = 1 + random.NextBelow(random.NextBelow(8) == 0 ? LongestNest : 40u);
        for (var i = 0; i < times; i++) bytes.InsertRange(bytes.Count > at ? at : 0, token);
    }

    /// <summary>Another number, or what is no number, for one in a text.</summary>
    private static void Number(List<byte> bytes, int at, ref CounterRandom random)
    {
        while (at < bytes.Count && !char.IsAsciiDigit((char)bytes[at])) at++;
        var end = at;
        while (end < bytes.Count && (char.IsAsciiDigit((char)bytes[end]) || bytes[end] is (byte)'.' or (byte)'e')) end++;
        bytes.RemoveRange(at, end - at);
        bytes.InsertRange(at, Encoding.UTF8.GetBytes(Numbers[(int)random.NextBelow((uint)Numbers.Length)]));
    }
}
