using Amnre.Jobs.Attempts;

namespace Amnre.Cluster.Tests.Slurm;

public sealed class OrphanTests(PrivateSlurm slurm)
{
    /// <summary>The daemon of a node dies, and what runs there goes on, unknown to Slurm, which starts the same job again elsewhere: two
    /// workers with one allocation's name. When the node comes back, Slurm kills the orphan in the middle of its training.</summary>
    [Fact]
    public async Task A_worker_that_Slurm_lost_and_its_double_disturb_nothing()
    {
        Assert.SkipWhen(slurm.Missing is not null, slurm.Missing ?? "");
        await using var study = await ClusterStudy.NewAsync(slurm, ClusterStudy.Small);
        await study.StartSchedulerAsync();
        var job = await study.WorkersAsync("--array=1", "--nodelist=n6", "--partition=low");
        await study.UntilAsync("the worker joins",
            async () => (await study.Views.WorkersAsync(TestContext.Current.CancellationToken)).Count == 1);
        var orphan = (await study.Views.WorkersAsync(TestContext.Current.CancellationToken)).Single();
        await slurm.ControlAsync("kill-node", "6");
        await study.UntilAsync("Slurm has taken it back",
            async () => (await slurm.SlurmAsync("squeue", "--noheader", $"--jobs={job}", "--format=%T")).StartsWith("PENDING",
                StringComparison.Ordinal));
        // It runs again where there is a node.
        await slurm.SlurmAsync("scontrol", "update", $"JobId={job}", "NodeList=n7");
        await study.UntilAsync("there are two of it", async () =>
            (await study.Views.WorkersAsync(TestContext.Current.CancellationToken)) is { Count: 2 } both
            && both.All(worker => worker.SlurmId == orphan.SlurmId && worker.SecondsSilent < 20));

        // So that the orphan has the training, the double is stopped until it has.
        var twin = (await study.Views.WorkersAsync(TestContext.Current.CancellationToken)).Single(worker => worker.Id != orphan.Id);
        await Shell.RunAsync(slurm.Variables, "kill", "-STOP", $"{twin.Pid}");
        await study.SubmitAsync();
        await study.TrainsAsync(0.05, twin.Id);
        await Shell.RunAsync(slurm.Variables, "kill", "-CONT", $"{twin.Pid}");
        await slurm.ControlAsync("revive-node", "6");
        await study.TrainsAsync(0.05, orphan.Id);
        await study.SucceedsAsync();

        var attempts = await study.AttemptsAsync(ClusterStudy.Training);
        Assert.Contains(attempts, attempt => attempt.Worker == orphan.Id && attempt.Outcome != AttemptOutcome.Succeeded);
        Assert.Equal(await slurm.UndisturbedAsync(), study.Results());
    }
}
