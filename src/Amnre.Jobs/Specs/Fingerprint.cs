using System.Security.Cryptography;
using System.Text;

namespace Amnre.Jobs.Specs;

/// <summary>Names a result by what it is made from: SHA-256, in lower-case hexadecimal, of the canonical document of
/// kind, settings, inputs' fingerprints and results version. Equal fingerprints mean equal bytes (on one kind of device).</summary>
public readonly record struct Fingerprint
{
    private readonly string? _text;

    private Fingerprint(string text) => _text = text;

    public string Text => _text ?? throw new InvalidOperationException("A fingerprint that was never computed has no text.");

    public static Fingerprint Of(string canonicalDocument) =>
        new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonicalDocument))));

    /// <exception cref="FormatException">Not 64 lower-case hexadecimal digits.</exception>
    public static Fingerprint Parse(string text) =>
        text.Length == 64 && text.All(char.IsAsciiHexDigitLower)
            ? new Fingerprint(text)
            : throw new FormatException($"'{text}' is not a fingerprint: 64 lower-case hexadecimal digits");

    public override string ToString() => Text;
}
