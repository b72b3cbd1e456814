using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;

namespace Amnre.Cli.Tests.Benchmarks;

/// <summary>The real command, without starting a study.</summary>
public sealed class BenchmarkVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-test-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_printed_file_is_an_experiment_of_the_cells_asked_for()
    {
        var (code, output, error) = await CommandProcess.RunAsync(
            _folder, "benchmark sbibm --tasks two_moons,SIR --budgets 1e4 500 --methods nre-c,npe -o out/mine --print", Stop);
        Assert.True(code == 0, error);
        var plan = Planner.Plan(ExperimentReader.ReadAll("mine.yaml", output));
        Assert.Equal("mine", plan.Name);
        Assert.Equal(
            ["train/two-moons-500-nre-c", "train/two-moons-500-npe", "train/two-moons-1e4-nre-c", "train/two-moons-1e4-npe",
                "train/sir-500-nre-c", "train/sir-500-npe", "train/sir-1e4-nre-c", "train/sir-1e4-npe"],
            plan.Jobs.Where(job => job.Name.StartsWith("train/", StringComparison.Ordinal)).Select(job => job.Name));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("--tasks two-moon", "--tasks 'two-moon' is not known: did you mean 'two-moons'?")]
    [InlineData("--tasks ,", "--tasks ',' names nothing")]
    [InlineData("--tasks weather", "--tasks 'weather' is not known: choose among slcp,")]
    [InlineData("--methods nre-d", "--methods 'nre-d' is not known: did you mean")]
    [InlineData("--budgets 1e3,many", "--budgets 'many' is no budget: give a whole number of simulations from 100")]
    [InlineData("--budgets 50", "--budgets '50' is no budget")]
    [InlineData("--budgets 1e9", "--budgets '1e9' is no budget")]
    [InlineData("--budgets 1000.5", "--budgets '1000.5' is no budget")]
    [InlineData("--budgets NaN", "--budgets 'NaN' is no budget")]
    [InlineData("--draws 49", "--draws 49 is out of range: from 50")]
    [InlineData("--observations 11", "--observations 11 is out of range: from 1 to 10")]
    [InlineData("--coverage-rows 9", "--coverage-rows 9 is out of range: from 10")]
    [InlineData("--epochs 0", "--epochs 0 is out of range: from 1")]
    [InlineData("--workers 0", "--workers 0 is out of range")]
    [InlineData("--seed 5000000000", "--seed 5000000000 is too large")]
    [InlineData("-o out/..", "its last part '..' names the study")]
    [InlineData("-o postgres", "experiment name 'postgres' is a folder of the store itself")]
    [InlineData("--references nowhere", "--references 'nowhere' is no folder")]
    [InlineData("--references .", "has no 'slcp/files/num_observation_1/reference_posterior_samples.csv.bz2'")]
    public async Task What_cannot_be_is_refused_before_anything_is_written(string options, string says)
    {
        var (code, _, error) = await CommandProcess.RunAsync(_folder, $"benchmark sbibm {options} --store store", Stop);
        Assert.Equal(2, code);
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }
}
