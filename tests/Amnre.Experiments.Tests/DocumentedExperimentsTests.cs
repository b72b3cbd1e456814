using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;
using Amnre.Testing;

namespace Amnre.Experiments.Tests;

/// <summary>What the documents show is read as a user's file would be.</summary>
public sealed class DocumentedExperimentsTests
{
    public static TheoryData<string> Files() =>
        [.. ((string[])["experiments", "experiments/small", "examples"]).SelectMany(
            folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.yaml"))
            .Select(path => Path.GetRelativePath(Repository.Root, path))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_experiment_of_the_repository_has_a_plan(string file) =>
    Assert.NotEmpty(Planner.Plan(WrittenExperiment.Read(file)).Jobs);

    [Fact]
    public void Every_example_of_the_documents_has_a_plan()
    {
        var examples = Examples();

        Assert.True(examples.Length > 5);
        var folder = Directory.CreateTempSubdirectory("amnre-test-").FullName;
        try
        {
            // The measured observation of some.
            File.WriteAllText(Path.Combine(folder, "night.csv"), "1,2,3,4,5,6,7,8\n");
            Assert.All(examples, example =>
                Assert.NotEmpty(Planner.Plan(ExperimentReader.Read(Path.Combine(folder, "experiment-file.md"), example)).Jobs));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(0, "sample/train/0", "gather/train", "sample/test/0", "gather/test", "train/amnre", "evaluate/truth/amnre", "plot/loss")]
    [InlineData(1, "gather/event", "sample/train/0", "gather/train", "train/nre", "evaluate/event/nre")]
    public void The_examples_of_the_documents_have_a_plan(int index, params string[] jobs)
    {
        var plan = Planner.Plan(ExperimentReader.Read("experiment-file.md", Examples()[index]));

        Assert.Equal(jobs, plan.Jobs.Select(job => job.Name));
    }

    [Fact]
    public void Every_example_of_networks_is_that_of_a_model()
    {
        var examples = Examples("networks.md");

        Assert.Equal(3, examples.Length);
        Assert.All(examples, example => Assert.NotEmpty(Planner.Plan(ExperimentReader.Read("networks.md", $$"""
            name: networks
            simulator: SLCP
            datasets: { train: { rows: 1024 } }
            models:
              model:
                samples: train
                {{example.Trim().Replace("\n", "\n    ", StringComparison.Ordinal)}}
            """)).Jobs));
    }

    private static string[] Examples(string page = "experiment-file.md") =>
        [.. File.ReadAllText(Path.Combine(Repository.Root, "docs", page)).Split("```yaml").Skip(1)
            .Select(rest => rest.Split("```")[0])];
}
