using Amnre.Jobs.Attempts;

namespace Amnre.Cluster.Tests.Slurm;

public sealed class GraceTests(PrivateSlurm slurm)
{
    /// <summary>With time to spare for those it preempts, Slurm warns them first, by the signal that the script asks for.</summary>
    [Fact]
    public async Task Preempted_with_grace_a_worker_leaves_when_it_is_warned()
    {
        Assert.SkipWhen(slurm.Missing is not null, slurm.Missing ?? "");
        await using var study = await ClusterStudy.NewAsync(slurm, ClusterStudy.Small);
        await study.StartSchedulerAsync();
        await study.WorkersAsync("--array=1", "--nodelist=n2", "--partition=grace");
        await study.SubmitAsync();
        var preempted = await study.TrainsAsync(0.1);

        await slurm.SlurmAsync("sbatch", "--partition=high", "--nodelist=n2", "--exclusive", "--output=/dev/null", "--wrap=sleep 1");
        await study.UntilAsync("the worker leaves",
            async () => (await study.AttemptsAsync(ClusterStudy.Training)).Any(attempt => attempt.Outcome == AttemptOutcome.Drained));
        await study.WorkersAsync("--array=1", "--nodelist=n3", "--partition=high");
        await study.SucceedsAsync();

        Assert.Contains("signal 12",
            await File.ReadAllTextAsync(Path.Combine(study.Store, "logs", $"worker-{preempted.Pid}.log"),
                TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(await slurm.UndisturbedAsync(), study.Results());
    }
}
