namespace Amnre.Engine.Simulators;

/// <summary>How texts name simulators: a name (<c>SLCP</c>), the path of a manifest (<c>./two-moons.yaml</c>) or of a
/// pack of gravitational waves (<c>./gw150914.h5</c>), or such a path with the digest of the content that is meant
/// (<c>/study/two-moons.yaml#3f5a…</c>).</summary>
public static class SimulatorReference
{
    private const int DigestDigits = 64;

    /// <summary>Whether <paramref name="text"/> means a file.</summary>
    public static bool IsPath(string text)
    {
        var (path, _) = Split(text);
        return path.Contains('/') || IsPack(path) || path.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase)
            || path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether <paramref name="text"/> means a file in which the simulator of gravitational waves finds its setting.</summary>
    internal static bool IsPack(string text)
    {
        var (path, _) = Split(text);
        return path.EndsWith(".h5", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".hdf5", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What decides results: the digest where there is one, since the same content elsewhere gives the same rows.</summary>
    public static string Identity(string text) => Split(text) is (_, { } digest) ? $"#{digest}" : text;

    /// <summary>What a user calls it: the name, or the path without the digest.</summary>
    internal static string Plain(string text) => Split(text).Path;

    /// <summary>The path (or name), and the digest where there is one.</summary>
    internal static (string Path, string? Digest) Split(string text)
    {
        var mark = text.Length - DigestDigits - 1;
        return mark > 0 && text[mark] == '#' && text.Skip(mark + 1).All(char.IsAsciiHexDigitLower)
            ? (text[..mark], text[(mark + 1)..])
            : (text, null);
    }

    internal static string Join(string path, string digest) => $"{path}#{digest}";
}
