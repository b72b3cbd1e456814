using Amnre.Testing;

namespace Amnre.Architecture.Tests.Documents;

/// <summary>What documents tell people to type is run by tests.</summary>
public sealed class CommandCoverageTests
{
    private const string Readme = "EndToEnd.Tests/Documents/ReadmeTests.cs", Operations = "EndToEnd.Tests/Documents/OperationsTests.cs",
        Simulators = "EndToEnd.Tests/Documents/SimulatorPagesTests.cs", Original = "Cli.Tests/Documents/OriginalCommandsTests.cs",
        OwnData = "EndToEnd.Tests/Documents/OwnDataTests.cs", Tutorial = "EndToEnd.Tests/Documents/TutorialTests.cs",
        Python = "EndToEnd.Tests/Documents/PythonPageTests.cs", Slurm = "Cluster.Tests/Slurm/ReadmeTests.cs",
        Containers = "Cluster.Tests/Containers/ReadmeTests.cs";

    /// <summary>Pages with blocks of commands: how many, and the tests that run all lines of all of them apart from
    /// <see cref="CommandsNotRun"/>. A new block, or a new page with one, has to be run by a test and written down here.</summary>
    private static readonly Dictionary<string, (int Blocks, string[] Tests)> Pages = new()
    {
        ["README.md"] = (1, [Readme]),
        ["deploy/docker/README.md"] = (4, [Containers, Slurm]),
        ["deploy/slurm/README.md"] = (3, [Slurm]),
        ["docs/api.md"] = (1, [Operations]),
        ["docs/benchmark.md"] = (3, []),
        ["docs/datasets.md"] = (2, [Original]),
        ["docs/from-the-original.md"] = (4, [Original]),
        ["docs/gravitational-waves.md"] = (3, [Simulators]),
        ["docs/operations.md"] = (5, [Operations]),
        ["docs/python.md"] = (3, [Python]),
        ["docs/results.md"] = (1, []),
        ["docs/scale.md"] = (1, []),
        ["docs/simulators.md"] = (2, [Simulators]),
        ["docs/tutorial-own-experiment.md"] = (6, [Tutorial]),
        ["docs/your-own-data.md"] = (6, [OwnData]),
    };

    [Fact]
    public void Every_block_of_commands_is_run_by_a_test() => Assert.Equal(
        Pages.OrderBy(page => page.Key, StringComparer.Ordinal).Select(page => $"{page.Key}: {page.Value.Blocks}"),
        CommandBlock.Pages().Select(page => (Page: page, CommandBlock.Of(page).Count)).Where(page => page.Count > 0)
            .Select(page => $"{page.Page}: {page.Count}"));

    [Fact]
    public void The_tests_read_the_pages_that_they_run() => Assert.All(
        Pages.SelectMany(page => page.Value.Tests.Select(test => (Page: page.Key, Test: test))),
        pair => Assert.Contains(Path.GetFileName(pair.Page), File.ReadAllText(Path.Combine(Repository.Root, "tests", $"Amnre.{pair.Test}")),
            StringComparison.Ordinal));

    [Fact]
    public void Pages_without_a_test_hold_only_what_is_not_run() => Assert.All(
        Pages.Where(page => page.Value.Tests is []).SelectMany(page => CommandBlock.Of(page.Key)), block => Assert.Equal("", block.Script));

    [Fact]
    public void What_is_not_run_stands_in_a_document_still() => Assert.Empty(
        CommandsNotRun.Reasons.Keys.Except(CommandBlock.Pages().SelectMany(CommandBlock.Of).SelectMany(block => block.Commands)));
}
