using System.Text.Json;
using System.Text.Json.Nodes;

namespace Amnre.Engine.Simulators;

/// <summary>How texts name simulators: a name (<c>SLCP</c>), the path of a manifest (<c>./two-moons.yaml</c>) or of a
/// pack of gravitational waves (<c>./gw150914.h5</c>), or such a path with the digest of the content that is meant
/// (<c>/study/two-moons.yaml#3f5a…</c>), or a whole declaration of parameters without a program
/// (<c>{"parameters":{"a":{"uniform":[0,1]}},"observation":[2]}</c>).</summary>
public static class SimulatorReference
{
    private const int DigestDigits = 64;

    /// <summary>Whether <paramref name="text"/> means a file.</summary>
    public static bool IsPath(string text)
    {
        var (path, _) = Split(text);
        return !IsDeclared(text) && (path.Contains('/') || IsPack(path) || path.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase)
            || path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether <paramref name="text"/> is a declaration itself.</summary>
    public static bool IsDeclared(string text) => text.StartsWith('{');

    /// <summary>Whether <paramref name="text"/> means a simulator of the user's, whose parameters have the user's names.</summary>
    public static bool IsOwn(string text) => IsPath(text) || IsDeclared(text);

    /// <summary>Whether <paramref name="text"/> means a file in which the simulator of gravitational waves finds its setting.</summary>
    internal static bool IsPack(string text)
    {
        var (path, _) = Split(text);
        return path.EndsWith(".h5", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".hdf5", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What decides results: the digest where there is one, since the same content elsewhere gives the same rows.</summary>
    public static string Identity(string text) => Split(text) is (_, { } digest) ? $"#{digest}" : text;

    /// <summary>What a user calls it: the name, the path without the digest, or the declared parameters.</summary>
    public static string Plain(string text)
    {
        if (!IsDeclared(text)) return Split(text).Path;
        try
        {
            return JsonNode.Parse(text)?["parameters"] is JsonObject parameters
                ? string.Join(", ", parameters.Select(parameter => parameter.Key))
                : text;
        }
        catch (JsonException)
        {
            return text;
        }
    }

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
