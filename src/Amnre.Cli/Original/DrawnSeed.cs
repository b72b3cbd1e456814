using System.Security.Cryptography;

namespace Amnre.Cli.Original;

/// <summary>A seed for those who name none.</summary>
internal static class DrawnSeed
{
    /// <summary>Small enough to be typed again.</summary>
    public static ulong Next() => (ulong)RandomNumberGenerator.GetInt32(int.MaxValue);
}
