using Amnre.Jobs.Attempts;

namespace Amnre.Cluster.Tests.Slurm;

/// <summary>What a cluster does to allocations does nothing to results.</summary>
public sealed class DisturbanceTests(PrivateSlurm slurm)
{
    [Fact]
    public async Task Cancelled_requeued_and_preempted_mid_training_a_study_ends_with_the_same_bytes()
    {
        Assert.SkipWhen(slurm.Missing is not null, slurm.Missing ?? "");
        await using var study = await ClusterStudy.NewAsync(slurm, ClusterStudy.Small);
        await study.StartSchedulerAsync();
        await study.WorkersAsync("--array=1-3", "--nodelist=n1", "--partition=low");
        await study.SubmitAsync();

        var first = await study.TrainsAsync(0.05);
        await slurm.SlurmAsync("scancel", first.SlurmId!);
        var second = await study.TrainsAsync(0.15, first.Id);
        await slurm.SlurmAsync("scontrol", "requeue", second.SlurmId!);
        var third = await study.TrainsAsync(0.25, first.Id, second.Id);
        // Takes the whole node, so every worker on it is preempted; those that are left come back when it has had its turn.
        await slurm.SlurmAsync("sbatch", "--partition=high", "--nodelist=n1", "--exclusive", "--output=/dev/null", "--wrap=sleep 2");
        await study.TrainsAsync(0.35, first.Id, second.Id, third.Id);
        await slurm.ControlAsync("restart-controller");
        await study.SucceedsAsync();

        var attempts = await study.AttemptsAsync(ClusterStudy.Training);
        Assert.Equal(4, attempts.Count);
        // Each time the work was saved and handed back within the moment that Slurm gives.
        Assert.Equal(3, attempts.Count(attempt => attempt.Outcome == AttemptOutcome.Drained));
        Assert.Equal(await slurm.UndisturbedAsync(), study.Results());
    }
}
