using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Amnre.Jobs.Logs;

/// <summary>Takes secrets out of what is about to be written down: those that this process knows, whatever follows a word such as
/// <c>password=</c>, and the password in an address. Rather too much than too little.</summary>
public static partial class Redaction
{
    private const string Instead = "***";

    [return: NotNullIfNotNull(nameof(text))]
    public static string? Of(string? text) => text is null ? null
        : KnownSecrets.Without(Address()
            .Replace(Bearer().Replace(Assigned().Replace(text, $"$1{Instead}"), $"$1{Instead}"), $"$1{Instead}@"), Instead);

    /// <summary>A quoted value may hold anything but its quote, doubled or behind a backslash; one that is not closed goes to the end.
    /// Others end at a blank, or at a separator with a blank or another key behind it: Npgsql's keys are parted by semicolons, libpq's by
    /// blanks, and its values may hold semicolons. JSON escapes its quotes. An attempt's token is a number and no secret.</summary>
    [GeneratedRegex(
        """
        ((?:password|passwd|passphrase|pwd|secret|api[_-]?key|access[_-]?key|token(?=(?:\\?["'])?\s*[=:](?!\s*\d+\b)))(?:\\?["'])?\s*[=:]\s*)
        (?:\\"(?:[^"\\]|\\[^"])*\\"|"(?:[^"\\]|\\.|"")*"|'(?:[^'\\]|\\.|'')*'|["'](?=[^"']*\z)[^"']*\z|
        (?:\\.|[^\s;,"'\\}]|["'](?=\w)|[;,}](?=[^\s;,"'}])(?!\w+["']?\s*[=:]))+)
        """, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Assigned();

    [GeneratedRegex(@"(\bBearer\s+|\bAuthorization[""']?\s*[:=]\s*[""']?\w+\s+)[^\s""'\\,;]+",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Bearer();

    /// <summary>A web page's port and a path with an @ in it are no password.</summary>
    [GeneratedRegex(@"(\b[a-z][a-z0-9+.-]*://[^\s:/@""'<>]*:)(?!(?<=\bhttps?://[^\s:/@""'<>]*:)\d{1,5}(?:[/?#]|\b(?!@)\W))[^\s""'<>]+@",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}
