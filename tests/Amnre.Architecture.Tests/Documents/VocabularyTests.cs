using System.Text.RegularExpressions;
using Amnre.Testing;

namespace Amnre.Architecture.Tests.Documents;

/// <summary>What programs, scripts and documents call things.</summary>
public sealed partial class VocabularyTests
{
    /// <summary>Read by tests of themselves.</summary>
    private static readonly string[] Unspoken = ["AMNRE_CAMPAIGN", "AMNRE_FUZZ", "AMNRE_GRID"];

    private static readonly string Told = string.Join('\n', CommandBlock.Pages().Select(page => Read(page)));

    [Fact]
    public void Every_variable_of_the_environment_is_explained()
    {
        var read = Files("src", "deploy", "eng").Where(path => !path.EndsWith(".md", StringComparison.Ordinal)).Append("amnre")
            .Append("test")
            .SelectMany(path => Variable().Matches(Read(path)).Select(match => match.Value));

        Assert.All(read.Distinct().Except(Unspoken), name => Assert.True(Told.Contains($"`{name}`", StringComparison.Ordinal), name));
    }

    [Fact]
    public void Every_variable_that_is_explained_is_read_somewhere()
    {
        var read = Files("src", "deploy", "eng", "tests", "benchmarks").Where(path => !path.EndsWith(".md", StringComparison.Ordinal))
            .Append("amnre").Append("test")
            .SelectMany(path => Variable().Matches(Read(path)).Select(match => match.Value)).ToHashSet();

        Assert.All(Variable().Matches(Told).Select(match => match.Value).Distinct(), name => Assert.Contains(name, read));
    }

    /// <summary>Texts that docs/troubleshooting.md quotes; '…' stands for what differs from case to case.</summary>
    [Fact]
    public void Messages_are_quoted_as_the_program_says_them()
    {
        var page = Read("docs/troubleshooting.md");
        var said = string.Join('\n', Repository.SourceFiles("src").Select(Read));
        var quoted = Quotation().Matches(page).Select(match => match.Groups[1].Value).ToList();

        Assert.True(quoted.Count > 15);
        Assert.All(quoted.SelectMany(text => text.Split('…')).Select(part => part.Trim()),
            part => Assert.True(said.Contains(part, StringComparison.Ordinal), part));
    }

    [Fact]
    public void The_fields_of_a_manifest_are_those_that_its_reader_looks_for()
    {
        var read = Field().Matches(Read("src/Amnre.Engine/Programs/ManifestReader.cs")).Select(match => match.Groups[1].Value).Distinct();
        var page = Read("docs/simulators.md");
        var table = page[page.IndexOf("### The manifest", StringComparison.Ordinal)..page.IndexOf("### Protocol `frames`",
            StringComparison.Ordinal)];

        Assert.Equal(read.Order(StringComparer.Ordinal),
            Row().Matches(table).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    /// <summary><c>./test Browser</c>, <c>eng/provision slurm</c>, <c>deploy/slurm/worker.sbatch</c>: wherever they stand.</summary>
    [Fact]
    public void Scripts_and_files_that_are_named_are_there()
    {
        var script = Read("test");
        Assert.All(TestCommand().Matches(Told).Select(match => match.Groups[1].Value), word => Assert.True(
            word.StartsWith('-')
                ? script.Contains($"./test {word}", StringComparison.Ordinal)
                : Directory.Exists(Path.Combine(Repository.Root, "tests", $"Amnre.{word}.Tests")), word));
        Assert.All(Named().Matches(Told).Select(match => match.Groups[1].Value)
            .Where(path => !path.StartsWith("deploy/docker/secrets/", StringComparison.Ordinal)),
            path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), path));
    }

    [Fact]
    public void Every_picture_is_shown() =>
        Assert.All(Files("docs/images"),
            picture => Assert.True(Told.Contains($"images/{Path.GetFileName(picture)})", StringComparison.Ordinal), picture));

    private static IEnumerable<string> Files(params string[] folders) =>
        folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Repository.Root, path))
            .Where(path => !path.Contains("/secrets/", StringComparison.Ordinal));

    private static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));

    [GeneratedRegex("AMNRE_[A-Z_]*[A-Z]")]
    private static partial Regex Variable();

    /// <summary>In the first column of tables, or in bold at the beginning of a point.</summary>
    [GeneratedRegex(@"(?<=^\| (?:`[^`]+`, )*|^- \*\*(?:[^*]* )?)`([^`]+)`(?=(?:, `[^`]+`)* \||[^*\n]*\*\*)", RegexOptions.Multiline)]
    private static partial Regex Quotation();

    [GeneratedRegex("""fields\.(?:RequiredText|Text|Texts|Flag|Integer|Seconds|Entries|Find|Scalar|Lengths|Numbers)\("(\w+)""")]
    private static partial Regex Field();

    [GeneratedRegex(@"^\| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`\./test ([\w-]+)")]
    private static partial Regex TestCommand();

    [GeneratedRegex(@"(?<![\w/.])((?:deploy|eng|examples|experiments|benchmarks|src|tests)/[\w./-]*\w)")]
    private static partial Regex Named();
}
