using System.Text;
using Amnre.Engine.Randomness;

namespace Amnre.Fuzz.Tests;

/// <summary>Changes of a text that leave its form as it was.</summary>
internal static class TextChanges
{
    private static readonly byte[] Ends = [.. ":=,|;[]{} \t\n"u8];

    /// <summary>What nobody expects where a name, a number or a path is written.</summary>
    private static readonly byte[][] Values =
    [
        .. new[]
        {
            "", "0", "-1", "1e400", "-1e-400", "NaN", "Infinity", "2147483648", "-9223372036854775809", "1152921504606846976",
            "18446744073709551616", "0x10", "1_000", "٣", "1,5",
            "null", "~", "true", "[]", "{}", "\"\"", "''", "\"\\u0000\"", "\"\\ud800\"", "=1", "=99", "11111111111111111111111111111111111",
            "00000", "poisson",
            "../../../../tmp/amnre-canary", "/etc/passwd", "/dev/full", "a/../b", ".", "..", "/", "//", "**/**/**", "~/x", "C:\\x",
            "file:///etc/passwd", "%2e%2e%2f",
            "$(touch amnre-canary)", "`touch amnre-canary`", "; touch amnre-canary", "!!python/object/apply:os.system [touch amnre-canary]",
            "<<: *a", "&a", "*a",
            "\u202e", "é", "e\u0301", "\ud83d\ude00", "\u0085", "\ufeff", "%s%n%x", "{0}", "<script>", "' or 1=1 --", "\u001b[2J",
        }.Select(Encoding.UTF8.GetBytes),
        .. new[] { 300, 5000, 70_000 }.Select(length => Encoding.ASCII.GetBytes(new string('a', length))),
        .. new[] { 40, 400 }.Select(length => Encoding.ASCII.GetBytes(new string('9', length))),
    ];

    /// <summary>Another value for the field at <paramref name="at"/>: a hostile one, or that of another place.</summary>
    public static void Field(List<byte> bytes, int at, IReadOnlyList<byte[]> seeds, ref CounterRandom random)
    {
        var (from, to) = FieldAt(bytes, at);
        var value = Values[(int)random.NextBelow((uint)Values.Length)];
        if (random.NextBelow(3) == 0)
        {
            var other = seeds[(int)random.NextBelow((uint)seeds.Count)];
            var (first, last) = FieldAt(other, (int)random.NextBelow((uint)other.Length));
            value = other[first..last];
        }

        bytes.RemoveRange(from, to - from);
        bytes.InsertRange(from, value);
    }

    /// <summary>The line at <paramref name="at"/> once more, elsewhere, or not at all.</summary>
    public static void Line(List<byte> bytes, int at, ref CounterRandom random)
    {
        var from = at > 0 ? bytes.LastIndexOf((byte)'\n', at - 1) + 1 : 0;
        var to = bytes.IndexOf((byte)'\n', at) is >= 0 and var end ? end + 1 : bytes.Count;
        var line = bytes.GetRange(from, to - from);
        var kind = random.NextBelow(3);
        if (kind != 0) bytes.RemoveRange(from, to - from);
        if (kind == 2) return;
        var place = bytes.Count == 0 ? 0 : bytes.IndexOf((byte)'\n', (int)random.NextBelow((uint)bytes.Count)) + 1;
        bytes.InsertRange(place, line);
    }

    private static (int From, int To) FieldAt(IReadOnlyList<byte> bytes, int at)
    {
        while (at < bytes.Count && Ends.Contains(bytes[at])) at++;
        var (from, to) = (at, at);
        while (from > 0 && !Ends.Contains(bytes[from - 1])) from--;
        while (to < bytes.Count && !Ends.Contains(bytes[to])) to++;
        return (from, to);
    }
}
