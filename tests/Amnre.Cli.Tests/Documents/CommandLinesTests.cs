using System.CommandLine;
using System.Text.RegularExpressions;
using Amnre.Cli.Spelling;
using Amnre.Testing;

namespace Amnre.Cli.Tests.Documents;

/// <summary>What documents, example files and help tell people to type is what the command understands.</summary>
public sealed partial class CommandLinesTests
{
    public static TheoryData<string> Pages() => [.. CommandBlock.Pages()];

    public static TheoryData<string> Verbs() => [.. All(AmnreCommand.Root()).Select(verb => verb.Path)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_command_line_of_a_document_is_understood(string page) =>
        // Within a sentence a verb may be named without what it works on.
        Assert.Empty(Typed(page).SelectMany(Errors)
            .Concat(Spoken(page).SelectMany(Errors).Where(error => !error.Contains("Required argument", StringComparison.Ordinal))));

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Every_example_of_the_help_is_understood(string verb)
    {
        var help = All(AmnreCommand.Root()).Single(one => one.Path == verb).Command.Description!;
        // What is said beside an example stands three blanks away from it.
        var examples = help[Math.Max(0, help.IndexOf("Examples:", StringComparison.Ordinal))..].Split('\n')
            .Where(line => line.StartsWith("  ", StringComparison.Ordinal) && line[2] != ' ')
            .Select(line => line.Trim().Split("   ")[0]).Where(line => line.Contains("amnre ", StringComparison.Ordinal));

        Assert.Empty(examples.SelectMany(Amnre).SelectMany(Errors));
    }

    [Fact]
    public void Every_verb_stands_in_some_document() => Assert.Empty(
        All(AmnreCommand.Root()).Where(verb => verb.Path.Length > 0 && verb.Command.Subcommands.Count == 0).Select(verb => verb.Path)
            .Except(CommandBlock.Pages().SelectMany(page => Typed(page).Concat(Spoken(page)))
                .SelectMany(words => new[] { words[0], string.Join(' ', words.Take(2)) })));

    /// <summary>Entry points of containers: deploy/docker says what the image is started with.</summary>
    [Theory]
    [InlineData("compose.yaml", 2)]
    [InlineData("compose.gpu.yaml", 1)]
    [InlineData("kube.yaml", 2)]
    [InlineData("kube-workers.yaml", 1)]
    public void Containers_are_started_with_what_is_understood(string file, int count)
    {
        var lines = Entry().Matches(File.ReadAllText(Path.Combine(Repository.Root, "deploy", "docker", file)))
            .Select(match => (IReadOnlyList<string>)[.. match.Groups[1].Value.Split(", ").Select(word => word.Trim('"'))]).ToList();

        Assert.Equal(count, lines.Count);
        Assert.Empty(lines.SelectMany(Errors));
    }

    [Theory]
    [InlineData("amnre run study.yaml --werkers 2")]
    [InlineData("docker compose exec scheduler amnre wotch quickstart")]
    [InlineData("cat list | xargs amnre cancel --all")]
    [InlineData("kubectl exec -i deployment/amnre -- sh -c 'cat > /tmp/study.yaml && amnre submit --now /tmp/study.yaml' < study.yaml")]
    [InlineData("sbatch --array=1-4 deploy/slurm/worker.sbatch --gpus")]
    [InlineData("amnre worker --lease long")]
    public void What_is_not_understood_is_found(string line) => Assert.NotEmpty(Amnre(line).SelectMany(Errors));

    /// <summary>What stands after the command's name in blocks of commands.</summary>
    private static IEnumerable<IReadOnlyList<string>> Typed(string page) =>
        CommandBlock.Of(page).SelectMany(block => block.Commands).SelectMany(Amnre);

    /// <summary>The same within sentences and tables, where synopses stand: what may be left out is given, what stands for something is
    /// replaced by one such thing.</summary>
    private static IEnumerable<IReadOnlyList<string>> Spoken(string page) =>
        Spoken().Matches(Fenced().Replace(File.ReadAllText(Path.Combine(Repository.Root, page)), ""))
            .Select(match => Something()
                .Replace(Number()
                    .Replace(match.Groups[1].Value.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal),
                        "30"), " x").Replace(" …", "", StringComparison.Ordinal))
            .SelectMany(Amnre);

    private static IEnumerable<IReadOnlyList<string>> Amnre(string line)
    {
        foreach (var command in ShellWords.Commands(line))
        {
            List<string> words = [.. command.SkipWhile(word => Assignment().IsMatch(word))];
            if (words is []) continue;
            if (words[0] is "amnre" or "./amnre" && words.Count > 1) yield return words[1..];
            else if (words[0] == "sbatch"
                && words.FindIndex(word => word.EndsWith("worker.sbatch", StringComparison.Ordinal)) is > 0 and var script)
                yield return ["worker", .. words[(script + 1)..]];
            else if (words[0] == "apptainer" && words[1] == "run")
                yield return words[(words.FindIndex(word => word.EndsWith(".sif", StringComparison.Ordinal)) + 1)..];
            else if (words[0] == "dotnet" && words.Contains("examples/own-simulator")) yield return words[(words.IndexOf("--") + 1)..];
            else if (words.IndexOf("-c") is > 0 and var shell && words[shell - 1] == "sh") foreach (var inner in Amnre(words[shell + 1]))
                yield return inner;
            else if (words.FindIndex(word => word is "exec" or "xargs") is >= 0 and var runs
                && words.IndexOf("amnre", runs) is > 0 and var inside) yield return words[(inside + 1)..];
        }
    }

    private static IEnumerable<string> Errors(IReadOnlyList<string> words)
    {
        var root = AmnreCommand.Root();
        var spelt = CommandLine.Translate(root, words);
        var errors = spelt.Errors.Concat(spelt.Errors.Count > 0
            ? []
            : root.Parse(spelt.Words, new ParserConfiguration { ResponseFileTokenReplacer = null }).Errors.Select(error => error.Message));
        return errors.Select(error => $"amnre {string.Join(' ', words)}: {error}");
    }

    private static IEnumerable<(string Path, Command Command)> All(Command command, string path = "") =>
        command.Subcommands.SelectMany(verb => All(verb, $"{path} {verb.Name}".Trim())).Prepend((path, command));

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex(@"`((?:\./)?amnre [^`]+)`")]
    private static partial Regex Spoken();

    [GeneratedRegex(@"(?<= )(?:N|SECONDS)(?= |$)")]
    private static partial Regex Number();

    [GeneratedRegex(@"(?<=--[a-z-]+) …")]
    private static partial Regex Something();

    [GeneratedRegex(@"^[A-Z_]+=")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"^\s*(?:command|args): \[(.*)\]$", RegexOptions.Multiline)]
    private static partial Regex Entry();
}
