using System.Globalization;
using System.Text.RegularExpressions;

namespace Amnre.Jobs.Specs;

/// <summary>Sizes of memory as people write them: a whole number and K, M, G or T, powers of 1024.</summary>
public static partial class MemorySize
{
    /// <returns>Bytes; null when <paramref name="text"/> is no size.</returns>
    public static long? Parse(string text)
    {
        var match = Written().Match(text);
        return match.Success && long.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var number) && number <= 1 << 30
            ? number << (match.Groups[2].Value[0] switch { 'K' => 10, 'M' => 20, 'G' => 30, _ => 40 })
            : null;
    }

    [GeneratedRegex("^([1-9][0-9]{0,9})([KMGT])(?:i?B)?$")]
    private static partial Regex Written();
}
