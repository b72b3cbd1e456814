using System.Text.Json;

namespace Amnre.Cli.Tests;

/// <summary><c>amnre plan</c> on the repository's own experiments.</summary>
public sealed class PlanVerbTests
{
    private static readonly string Experiments = Path.Combine(Root(), "experiments");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_plan_is_a_row_for_each_section_with_totals()
    {
        var (code, output, _) = await CommandProcess.RunAsync(Experiments, "plan slcp.yaml", Stop);

        Assert.Equal(0, code);
        Assert.Matches(@"slcp-mnre-adv\s+5\s+slcp-adv, slcp-valid, slcp-mnre\s+1 CPU, 1 GPU, 16 GiB, 6 h", output);
        Assert.Contains("slcp: 181 jobs (10 sample, 4 gather, 40 train, 101 evaluate, 26 plot), 486 edges", output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_as_JSON_holds_every_job_and_is_the_same_each_time()
    {
        var (code, output, _) = await CommandProcess.RunAsync(Experiments, "plan slcp.yaml --json", Stop);
        var (_, again, _) = await CommandProcess.RunAsync(Experiments, "plan slcp.yaml --json", Stop);

        Assert.Equal(0, code);
        Assert.Equal(output, again);
        var plan = JsonDocument.Parse(output).RootElement;
        Assert.Equal(181, plan.GetProperty("plan").GetArrayLength());
        Assert.Equal(40, plan.GetProperty("counts").GetProperty("train").GetInt32());
        var train = plan.GetProperty("plan").EnumerateArray().Single(job => job.GetProperty("job").GetString() == "train/slcp-amnre-3");
        Assert.Equal("slcp-amnre", train.GetProperty("section").GetString());
        Assert.Equal(2, train.GetProperty("settings").GetProperty("seed").GetInt32());
        Assert.Equal(1, train.GetProperty("resources").GetProperty("gpus").GetInt32());
    }

    [Fact]
    public async Task Points_of_a_sweep_are_shown_with_their_values()
    {
        var folder = Directory.CreateTempSubdirectory("amnre-test-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "s.yaml"),
                "name: s\nsimulator: SLCP\ndatasets: { d: { rows: 8 } }\nmodels: { m: { samples: d, replicates: 2, sweep: { grid: { lr: " +
                    "[1e-3, 1e-4] } } } }\n", Stop);
            var (code, output, _) = await CommandProcess.RunAsync(folder, "plan s.yaml", Stop);

            Assert.Equal(0, code);
            Assert.Matches(@"m-lr_1e-4\s+lr = 1e-4", output);
            Assert.Matches(@"model\s+m\s+4\s+d", output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_study_of_gravitational_waves_begins_with_its_basis()
    {
        var (code, output, error) = await CommandProcess.RunAsync(Experiments, "plan gw.yaml", Stop);

        Assert.True(code == 0, error);
        Assert.Matches(@"basis\s+reduced\s+1", output);
        Assert.Contains("1 basis", output, StringComparison.Ordinal);
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Amnre.sln"))) return folder.FullName;
        throw new InvalidOperationException("Amnre.sln was not found above the tests");
    }
}
