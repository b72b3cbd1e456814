using System.CommandLine;
using System.Globalization;

namespace Amnre.Cli.Spelling;

/// <summary>What may come next in a command line, for the completion of shells. Verbs, names and values that begin with what is written;
/// options once a dash is.</summary>
internal static class Suggestions
{
    private const string Directive = "[suggest:";

    /// <summary>The place in the line that a shell asks about; null for words that ask nothing of the kind.</summary>
    public static int? Place(IReadOnlyList<string> words) =>
        words.Count == 2 && words[0].StartsWith(Directive, StringComparison.Ordinal) && words[0].EndsWith(']')
        && int.TryParse(words[0].AsSpan(Directive.Length, words[0].Length - Directive.Length - 1), NumberStyles.None,
            CultureInfo.InvariantCulture, out var place) ? place : null;

    /// <param name="root">All verbs.</param>
    /// <param name="line">From the program's name on.</param>
    /// <param name="place">Of the cursor.</param>
    public static IReadOnlyList<string> Of(RootCommand root, string line, int place)
    {
        line = line[..Math.Min(place, line.Length)];
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var word = line.Length == 0 || line[^1] == ' ' ? "" : words[^1];
        // The parser knows the original's options by two dashes only.
        var spelt = string.Join(' ', words.Select(one => IsOriginal(one) ? $"-{one}" : one)) + (word.Length == 0 ? " " : "");
        var found = root.Parse(spelt, new ParserConfiguration { ResponseFileTokenReplacer = null }).GetCompletions(spelt.Length)
            .Select(item => item.InsertText ?? item.Label).Distinct();
        return word.StartsWith('-')
            ? [.. found.Where(label => label.StartsWith("--", StringComparison.Ordinal))
                .Select(label => IsOriginal(word) || (word.Length == 2 && word != "--") ? label[1..] : label)
                .Where(label => label.StartsWith(word, StringComparison.Ordinal)).Order(StringComparer.Ordinal)]
            : [.. found.Where(label => label[0] is not ('-' or '/') && label.StartsWith(word, StringComparison.Ordinal))];
    }

    private static bool IsOriginal(string word) => word.Length > 2 && word[0] == '-' && char.IsAsciiLetter(word[1]);
}
