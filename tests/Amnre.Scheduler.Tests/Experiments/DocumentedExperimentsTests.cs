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

    [Theory]
    [InlineData(0, "sample/train/0", "gather/train", "sample/test/0", "gather/test", "train/amnre", "evaluate/truth/amnre", "plot/loss")]
    [InlineData(1, "gather/event", "sample/train/0", "gather/train", "train/nre", "evaluate/event/nre")]
    public void The_examples_of_the_documents_have_a_plan(int index, params string[] jobs)
    {
        var page = File.ReadAllText(Path.Combine(Root, "docs", "experiment-file.md"));
        var example = page.Split("```yaml")[index + 1].Split("```")[0];

        var plan = Planner.Plan(ExperimentReader.Read("experiment-file.md", example));

        Assert.Equal(jobs, plan.Jobs.Select(job => job.Name));
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Amnre.sln"))) return folder.FullName;
        throw new InvalidOperationException("Amnre.sln was not found above the tests");
    }
}
