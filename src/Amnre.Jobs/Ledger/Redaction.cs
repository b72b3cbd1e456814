using System.Text.RegularExpressions;

namespace Amnre.Jobs.Ledger;

/// <summary>Takes secrets out of what is about to be written down: whatever follows a word such as <c>Password=</c>, and the user's part of an address.</summary>
public static partial class Redaction
{
    private const string Instead = "***";

    public static string Of(string text) =>
        Address().Replace(Bearer().Replace(Assigned().Replace(text, $"$1{Instead}"), $"$1{Instead}"), $"$1{Instead}@");

    /// <summary>A quoted value may hold anything but its quote; others end at a separator. JSON escapes its quotes. An attempt's token is a number and no secret.</summary>
    [GeneratedRegex("""((?:password|passwd|pwd|secret|token(?=(?:\\?["'])?\s*[=:](?!\s*\d+\b)))(?:\\?["'])?\s*[=:]\s*)(?:\\?"(?:[^"\\]|\\[^"])*\\?"|'[^']*'|[^\s;,"'\\}]+)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Assigned();

    [GeneratedRegex(@"(\bBearer\s+)[^\s""'\\,;]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Bearer();

    [GeneratedRegex(@"(\b[a-z][a-z0-9+.-]*://[^\s:/@]+:)[^\s@/]+@", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}
