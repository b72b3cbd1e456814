using Amnre.Scheduler.Experiments;

namespace Amnre.Scheduler.Tests.Experiments;

/// <summary>What the documents show is read as a user's file would be.</summary>
public sealed class DocumentedExperimentsTests
{
    private static readonly string Root = FindRoot();

    public static TheoryData<string> Files() =>
        [.. ((string[])["experiments", "examples"]).SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.yaml"))
            .Select(path => Path.GetRelativePath(Root, path))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_experiment_of_the_repository_has_a_plan(string file) =>
        Assert.NotEmpty(Planner.Plan(ExperimentReader.Read(Path.Combine(Root, file))).Jobs);

    [Fact]
    public void The_example_of_the_documents_has_a_plan()
    {
        var page = File.ReadAllText(Path.Combine(Root, "docs", "experiment-file.md"));
        var start = page.IndexOf("```yaml", StringComparison.Ordinal) + "```yaml".Length;
        var example = page[start..page.IndexOf("```", start, StringComparison.Ordinal)];

        var plan = Planner.Plan(ExperimentReader.Read("experiment-file.md", example));

        Assert.Equal(
            ["sample/train/0", "gather/train", "sample/test/0", "gather/test", "train/amnre", "evaluate/truth/amnre", "plot/loss"],
            plan.Jobs.Select(job => job.Name));
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Amnre.sln"))) return folder.FullName;
        throw new InvalidOperationException("Amnre.sln was not found above the tests");
    }
}
