using System.Text.RegularExpressions;

namespace Amnre.Testing;

/// <summary>A fenced block of commands in a document of the repository.</summary>
/// <param name="Page">Path from the repository's root.</param>
/// <param name="Number">From 0, among the blocks of commands on the page.</param>
/// <param name="Text">As it stands there.</param>
public sealed partial record CommandBlock(string Page, int Number, string Text)
{
    private static readonly string[] Places = ["README.md", "docs", "deploy", "experiments", "examples"];

    /// <summary>Paths of all documents from the root.</summary>
    public static IEnumerable<string> Pages() => Places.Select(place => Path.Combine(Repository.Root, place))
        .SelectMany(place => File.Exists(place) ? [place] : Directory.EnumerateFiles(place, "*.md", SearchOption.AllDirectories))
        .Select(path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal);

    public static IReadOnlyList<CommandBlock> Of(string page) =>
        [.. Block().Matches(File.ReadAllText(Path.Combine(Repository.Root, page)))
            .Select((match, number) => new CommandBlock(page, number, match.Groups[1].Value))];

    /// <summary>Each command on one line, without what is said beside it.</summary>
    public IReadOnlyList<string> Commands { get; } =
        [.. Said().Replace(Continued().Replace(Text, " "), "").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.TrimEnd())];

    /// <summary>What tests run of it.</summary>
    public string Script => string.Join('\n', Commands.Where(command => !CommandsNotRun.Reasons.ContainsKey(command)));

    [GeneratedRegex("^```(?:bash|sh|console)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continued();

    [GeneratedRegex(@"(^|\s+)# .*$", RegexOptions.Multiline)]
    private static partial Regex Said();
}
