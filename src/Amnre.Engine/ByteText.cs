using System.Globalization;
using System.Numerics;

namespace Amnre.Engine;

/// <summary>Numbers of bytes for people: the exact number, and in a unit that can be read.</summary>
public static class ByteText
{
    private static readonly string[] Units = ["kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary><c>208000000000 bytes (208 GB)</c>; powers of ten, as disks are sold.</summary>
    public static string Of(BigInteger bytes)
    {
        var (value, unit) = ((double)bytes / 1000, 0);
        while (value >= 1000 && unit < Units.Length - 1) (value, unit) = (value / 1000, unit + 1);
        return bytes < 1000 ? $"{bytes} bytes" : string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes ({value:0.#} {Units[unit]})");
    }
}
