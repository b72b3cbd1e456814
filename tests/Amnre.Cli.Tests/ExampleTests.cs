using System.CommandLine;
using System.Text;
using Amnre.Cli.Spelling;

namespace Amnre.Cli.Tests;

/// <summary>What the help of a verb shows can be typed.</summary>
public sealed class ExampleTests
{
    public static TheoryData<string> Verbs() => [.. All(AmnreCommand.Root(), "").Select(verb => verb.Path)];

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Every_verb_shows_examples_and_each_parses(string path)
    {
        var root = AmnreCommand.Root();
        var verb = All(root, "").Single(one => one.Path == path).Command;
        // A verb of verbs leaves the examples to them.
        if (verb.Subcommands.Count > 0) return;
        var lines = (verb.Description ?? "").Split('\n').Select(line => line.Trim())
            .SkipWhile(line => line is not ("Example:" or "Examples:")).Skip(1)
            .Where(line => line.Contains("amnre ", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(lines);
        Assert.Contains(lines, line => line.Contains($"amnre {path}", StringComparison.Ordinal));
        foreach (var words in lines.SelectMany(Commands))
        {
            var spelt = CommandLine.Translate(root, words);
            Assert.True(spelt.Errors.Count == 0, $"{string.Join(' ', words)}: {string.Join("; ", spelt.Errors)}");
            var errors = root.Parse(spelt.Words, new ParserConfiguration { ResponseFileTokenReplacer = null }).Errors;
            Assert.True(errors.Count == 0, $"{string.Join(' ', words)}: {string.Join("; ", errors.Select(error => error.Message))}");
        }
    }

    private static IEnumerable<(string Path, Command Command)> All(Command command, string path) => command.Subcommands.SelectMany(inner =>
        All(inner, $"{path}{inner.Name} ").Prepend(($"{path}{inner.Name}", inner)));

    /// <summary>The words after each <c>amnre</c> of a line of a shell; what follows three blanks is said about it.</summary>
    private static IEnumerable<List<string>> Commands(string line)
    {
        foreach (var part in line.Split("   ", 2)[0].Split(["&&", " | ", " > ", "<(", ")"], StringSplitOptions.TrimEntries))
        {
            var words = Words(part);
            if (words.IndexOf("amnre") is >= 0 and var at) yield return words[(at + 1)..];
        }
    }

    private static List<string> Words(string text)
    {
        var (words, word, quoted, any) = (new List<string>(), new StringBuilder(), false, false);
        foreach (var c in text)
        {
            if (c == '\'') (quoted, any) = (!quoted, true);
            else if (c != ' ' || quoted) word.Append(c);
            else if (word.Length > 0 || any)
            {
                words.Add(word.ToString());
                word.Clear();
                any = false;
            }
        }

        if (word.Length > 0 || any) words.Add(word.ToString());
        return words;
    }
}
