using Amnre.Jobs.Attempts;

namespace Amnre.Cluster.Tests.Slurm;

public sealed class WalltimeTests(PrivateSlurm slurm)
{
    [Fact]
    public async Task Near_its_time_limit_a_worker_hands_its_job_to_the_next_allocation()
    {
        Assert.SkipWhen(slurm.Missing is not null, slurm.Missing ?? "");
        await using var study = await ClusterStudy.NewAsync(slurm, ClusterStudy.Small);
        await study.StartSchedulerAsync();
        // No warning of Slurm's: the worker knows the end of its allocation by itself, and half of so short a one is its lead.
        await study.WorkersAsync("--array=1", "--nodelist=n3", "--partition=high", "--time=1", "--signal=B:CONT@1");
        await study.UntilAsync("the worker knows its end", async () => (await study.Views.WorkersAsync(TestContext.Current.CancellationToken)).Any(worker => worker.EndsAt is not null));
        var end = (await study.Views.WorkersAsync(TestContext.Current.CancellationToken)).Single().EndsAt!.Value;
        await Task.Delay(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await study.SubmitAsync();
        var first = await study.TrainsAsync(0.01);

        await study.UntilAsync("the worker leaves", async () => (await study.AttemptsAsync(ClusterStudy.Training)).Any(attempt => attempt.Outcome == AttemptOutcome.Drained));
        var left = end - (await study.AttemptsAsync(ClusterStudy.Training)).Single().EndedAt!.Value;
        Assert.InRange(left.TotalSeconds, 5, 31);
        await study.WorkersAsync("--array=1", "--nodelist=n3", "--partition=high");
        await study.TrainsAsync(0.01, first.Id);
        await study.SucceedsAsync();
        Assert.Equal(await slurm.UndisturbedAsync(), study.Results());
    }
}
