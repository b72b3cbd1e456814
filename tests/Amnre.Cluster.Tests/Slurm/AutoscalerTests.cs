using System.Text.Json.Nodes;

namespace Amnre.Cluster.Tests.Slurm;

public sealed class AutoscalerTests(PrivateSlurm slurm)
{
    /// <summary>Eight jobs are ready at first, so five allocations are asked for: in two arrays, as this Slurm takes four at
    /// once.</summary>
    [Fact]
    public async Task Allocations_come_with_the_queue_and_go_with_it()
    {
        Assert.SkipWhen(slurm.Missing is not null, slurm.Missing ?? "");
        await using var study = await ClusterStudy.NewAsync(slurm,
            ClusterStudy.Small.Replace("epochs: 1300", "epochs: 20", StringComparison.Ordinal));
        await study.StartSchedulerAsync();
        await study.SubmitAsync();
        var printed = await study.AmnreAsync("cluster", "up", "--max", "5", "--cpus", "1", "--memory", "300M", "--time", "0:20:00",
            "--idle", "0:00:05", "--sbatch", "nodelist=n4", "partition=high");
        Assert.Contains("pool default: up to 5 allocations", printed, StringComparison.Ordinal);
        await study.UntilAsync("five allocations are there", async () => (await AllocationsAsync(study)).Count == 5);
        var arrays = (await AllocationsAsync(study)).Select(one => one!["slurm_id"]!.GetValue<string>().Split('_')[0]).Distinct().Count();
        Assert.Equal(2, arrays);
        await slurm.ControlAsync("restart-controller");
        await study.SucceedsAsync();

        // Scaled to zero, and nothing is left in Slurm's queue either.
        await study.UntilAsync("no allocation is left",
            async () => (await AllocationsAsync(study)).All(one => one!["state"]!.GetValue<string>() == "ended"));
        Assert.Equal("", await slurm.SlurmAsync("squeue", "--noheader", "--nodelist=n4"));
        Assert.Contains("0 jobs to begin, 0 workers busy: 0 of at most 5 wanted, 0 there",
            (await PoolAsync(study, "default"))["decision"]!.GetValue<string>(), StringComparison.Ordinal);

        // Down, it stays so though jobs wait; what it has is ended.
        await study.AmnreAsync("cluster", "up", "kept", "--min", "1", "--cpus", "1", "--memory", "300M", "--sbatch", "nodelist=n4",
            "partition=high");
        await study.UntilAsync("one is kept",
            async () => (await study.Views.WorkersAsync(TestContext.Current.CancellationToken)).Count == 1);
        Assert.Contains("goes down: kept", await study.AmnreAsync("cluster", "down", "kept"), StringComparison.Ordinal);
        await study.UntilAsync("it is gone",
            async () => (await AllocationsAsync(study)).All(one => one!["state"]!.GetValue<string>() == "ended"));
        Assert.Empty(await study.Views.WorkersAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_Slurm_refuses_is_said_in_its_words_and_not_asked_for_over_and_over()
    {
        Assert.SkipWhen(slurm.Missing is not null, slurm.Missing ?? "");
        await using var study = await ClusterStudy.NewAsync(slurm, ClusterStudy.Small);
        await study.StartSchedulerAsync();
        await study.AmnreAsync("cluster", "up", "wrong", "--min", "1", "--sbatch=partition=nope");
        await study.UntilAsync("it is refused",
            async () => (await PoolAsync(study, "wrong"))["decision"]?.GetValue<string>()
                .Contains("nope", StringComparison.Ordinal) == true);
        await study.UntilAsync("it waits", async () => (await PoolAsync(study, "wrong"))["decision"]!.GetValue<string>() is var decision
            && decision.StartsWith("asks for nothing for another", StringComparison.Ordinal)
            && decision.Contains("the last failure: sbatch", StringComparison.Ordinal));

        // A command that is not there: the allocation ends before a worker joins, and its output is named.
        await study.AmnreAsync("cluster", "down");
        await study.AmnreAsync("cluster", "up", "absent", "--min", "1", "--memory", "300M", "--program", "/nowhere/amnre", "--sbatch",
            "partition=high", "nodelist=n4");
        await study.UntilAsync("the failure is seen",
            async () => (await PoolAsync(study, "absent"))["decision"]?.GetValue<string>()
                .Contains("before a worker joined", StringComparison.Ordinal) == true);
    }

    private static async Task<JsonArray> AllocationsAsync(ClusterStudy study) =>
        JsonNode.Parse(await study.AmnreAsync("cluster", "status", "--json"))!["allocations"]!.AsArray();

    private static async Task<JsonNode> PoolAsync(ClusterStudy study, string name) =>
        JsonNode.Parse(await study.AmnreAsync("cluster", "status", name, "--json"))!["pools"]!.AsArray().Single()!;
}
