using System.Globalization;
using System.Text.RegularExpressions;

namespace Amnre.Jobs.Specs;

/// <summary>Sizes of memory and of files as people write them, in powers of 1024.</summary>
public static partial class MemorySize
{
    /// <param name="text">A whole number and K, M, G or T, in either case, as Slurm reads them.</param>
    /// <returns>Bytes; null when it is no size, or more than can be counted.</returns>
    public static long? Parse(string text)
    {
        if (Written().Match(text) is not { Success: true } match) return null;
        var power = char.ToUpperInvariant(match.Groups[2].Value[0]) switch { 'K' => 10, 'M' => 20, 'G' => 30, _ => 40 };
        return long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) is var number && number <= long.MaxValue >> power
            ? number << power : null;
    }

    /// <summary>For people: <c>12 KiB</c>, <c>1.5 GiB</c>.</summary>
    public static string Text(long bytes) => bytes switch
    {
        < 1 << 10 => $"{bytes} B",
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.##} GiB"),
    };

    [GeneratedRegex("^([1-9][0-9]{0,9})([KMGTkmgt])(?:i?[Bb])?$")]
    private static partial Regex Written();
}
