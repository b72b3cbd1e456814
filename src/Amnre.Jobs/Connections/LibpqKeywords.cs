using System.Text;

namespace Amnre.Jobs.Connections;

/// <summary>libpq's <c>keyword = value</c>, with blanks between them: single quotes around values with blanks, a backslash before what is
/// meant as it is.</summary>
internal static class LibpqKeywords
{
    private static readonly string[] Password = ["password", "sslpassword"];

    /// <returns>Null when it is not of this form. Semicolons part Npgsql's keywords, so a value that ends with one, or has one without
    /// being a password, is not libpq's.</returns>
    public static IReadOnlyList<(string Keyword, string Value)>? Parameters(string text)
    {
        var found = new List<(string Keyword, string Value)>();
        for (var at = Blanks(text, 0); at < text.Length; at = Blanks(text, at))
        {
            var begin = at;
            while (at < text.Length && (char.IsAsciiLetter(text[at]) || text[at] == '_')) at++;
            var keyword = text[begin..at];
            at = Blanks(text, at);
            if (!LibpqParameters.Known(keyword) || at == text.Length || text[at] != '=') return null;
            if (Value(text, Blanks(text, at + 1)) is not var (value, end, quoted)) return null;
            if (!quoted && (value.EndsWith(';') || (value.Contains(';', StringComparison.Ordinal) && !Password.Contains(keyword))))
                return null;
            found.Add((keyword, value));
            at = end;
        }

        // One keyword alone that both have is Npgsql's.
        return found.Count > 1 || (found is [var (only, _)] && !LibpqParameters.IsNpgsqlToo(only)) ? found : null;
    }

    private static (string Value, int End, bool Quoted)? Value(string text, int at)
    {
        var quoted = at < text.Length && text[at] == '\'';
        if (quoted) at++;
        var value = new StringBuilder();
        for (; at < text.Length; at++)
        {
            if (quoted ? text[at] == '\'' : char.IsWhiteSpace(text[at])) return (value.ToString(), at + 1, quoted);
            if (text[at] == '\\' && ++at == text.Length) break;
            value.Append(text[at]);
        }

        return quoted ? null : (value.ToString(), at, quoted);
    }

    private static int Blanks(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        return at;
    }
}
