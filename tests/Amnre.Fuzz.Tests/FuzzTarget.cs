using System.Text;

namespace Amnre.Fuzz.Tests;

/// <summary>One parser of bytes that anybody may have made.</summary>
/// <param name="Name">Of the target.</param>
/// <param name="Share">Of the inputs: fast parsers get more of them.</param>
/// <param name="Seeds">Inputs that it takes; made when they are needed.</param>
/// <param name="Tokens">Words of its format.</param>
/// <param name="Parse">Reads an input; the path is that of a file that may be written for the purpose.</param>
/// <param name="IsRefusal">Whether an exception is the documented way to refuse an input.</param>
internal sealed record FuzzTarget(
    string Name, int Share, Func<string, IReadOnlyList<byte[]>> Seeds, IReadOnlyList<string> Tokens, Action<byte[], string> Parse,
    Func<Exception, bool> IsRefusal)
{
    /// <summary>Bytes that it may ask for, whatever its input.</summary>
    public long Memory { get; init; } = 64 << 20;

    /// <summary>Reads a file and changes nothing; none where the input is no file, or is made one.</summary>
    public Action<string>? Read { get; init; }

    /// <summary>Its lines and fields are changed too, not only its bytes.</summary>
    public bool IsText { get; init; }

    public static FuzzTarget OfText(string name, IReadOnlyList<string> seeds, IReadOnlyList<string> tokens, Action<string> parse,
        Func<Exception, bool> isRefusal) =>
        new(name, 20, _ => [.. seeds.Select(Encoding.UTF8.GetBytes)], tokens, (bytes, _) => parse(Encoding.UTF8.GetString(bytes)),
            isRefusal)
        { IsText = true };

    public static FuzzTarget OfFile(
        string name, int share, string ending, Func<string, IReadOnlyList<byte[]>> seeds, IReadOnlyList<string> tokens,
        Action<string> parse) =>
        new(name, share, seeds, tokens, (bytes, path) =>
        {
            path += ending;
            // No end of a file that an earlier input left.
            using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0)) file.Write(bytes);
            parse(path);
        }, error => error is Engine.InputException)
        { Read = parse };
}
