using System.CommandLine;
using System.Text.RegularExpressions;
using Amnre.Cli.Spelling;
using Amnre.Testing;

namespace Amnre.Cli.Tests.Documents;

/// <summary>Tables of options hold the options that there are.</summary>
public sealed partial class OptionsTests
{
    [Theory]
    [InlineData("docs/datasets.md", "## Options of `amnre sample`", "sample")]
    [InlineData("docs/gravitational-waves.md", "## Packs", "gw", "prepare")]
    public void A_table_of_options_has_a_row_for_each(string page, string heading, params string[] verb)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, page));
        var from = text.IndexOf(heading, StringComparison.Ordinal);
        var section = text[from..text.IndexOf("\n## ", from + 1, StringComparison.Ordinal)];
        var rows = Row().Matches(section).SelectMany(row => Name().Matches(row.Groups[1].Value)).Select(name => name.Groups[1].Value);

        // Where the result goes is in the commands above the table of packs.
        var options = Options(verb).SelectMany(option => option.Aliases.Prepend(option.Name)).Select(name => name.TrimStart('-'));
        Assert.Equal(options.Except(verb[0] == "gw" ? ["o", "output"] : []).Order(StringComparer.Ordinal),
            rows.Order(StringComparer.Ordinal));
    }

    /// <summary>What a verb of the original has beyond it.</summary>
    [Theory]
    [InlineData("train")]
    [InlineData("eval")]
    [InlineData("plot")]
    public void Options_beyond_the_original_are_told_where_the_two_are_compared(string verb)
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "from-the-original.md"));
        Assert.All(Options(verb).Where(option => option is IOwnOption),
            option => Assert.Contains($"`{option.Name}", page, StringComparison.Ordinal));

        var told = Name().Matches(Comparison().Matches(page).Single(row => row.Groups[1].Value == verb).Value)
            .Select(name => $"--{name.Groups[1].Value}").Where(name => name.Length > 4);
        Assert.Empty(told.Except(Options(verb).Select(option => option.Name)));
    }

    private static IReadOnlyList<Option> Options(params string[] path) =>
        [.. path.Aggregate((Command)AmnreCommand.Root(),
            (command, name) => command.Subcommands.Single(verb => verb.Name == name)).Options.Where(option => option.Name != "--help")];

    [GeneratedRegex(@"^\| ((?:`-[^`]+`(?:, )?)+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`--?([a-z][a-z-]*)")]
    private static partial Regex Name();

    [GeneratedRegex(@"^\| `python \w+\.py[^|]*\| `amnre (\w+)[^\n]*", RegexOptions.Multiline)]
    private static partial Regex Comparison();
}
