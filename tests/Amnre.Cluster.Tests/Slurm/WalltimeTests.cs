using System.Globalization;
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
        await study.SubmitAsync();
        var ordinary = await study.WorkersAsync("--array=1", "--nodelist=n3", "--partition=high");
        var first = await study.TrainsAsync(0.01);
        await study.AmnreAsync("pause", "small", "--drain");
        await slurm.SlurmAsync("scancel", ordinary);
        await study.UntilAsync("the ordinary worker has left",
            async () => (await study.Views.WorkersAsync(TestContext.Current.CancellationToken)).Count == 0);

        var brief = await HandedBackAsync(study);
        Assert.InRange(brief.Left.TotalSeconds, 5, 31);
        await study.WorkersAsync("--array=1", "--nodelist=n3", "--partition=high");
        await study.TrainsAsync(0.01, first.Id, brief.Worker);
        await study.SucceedsAsync();
        Assert.Equal(await slurm.UndisturbedAsync(), study.Results());
    }

    /// <summary>Half of an allocation of a minute: its worker drains so long before its end.</summary>
    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(30);

    /// <summary>Lets the training resume in an allocation of a minute, shortly before its worker must leave. On a busy machine the training
    /// may begin too late for that allocation; then the next one begins it earlier. A quick machine would end the training first, so the
    /// worker stands still until its time has come.</summary>
    private static async Task<(string Worker, TimeSpan Left)> HandedBackAsync(ClusterStudy study)
    {
        foreach (var before in new[] { 39, 46, 53 })
        {
            // No warning of Slurm's: the worker knows the end of its allocation by itself, and half of so short a one is its lead.
            await study.WorkersAsync("--array=1", "--nodelist=n3", "--partition=high", "--time=1", "--signal=B:CONT@1");
            await study.UntilAsync("the worker knows its end",
                async () => (await study.Views.WorkersAsync(TestContext.Current.CancellationToken)).Any(worker => worker.EndsAt
                    is not null));
            var worker = (await study.Views.WorkersAsync(TestContext.Current.CancellationToken)).Single();
            var end = worker.EndsAt!.Value;
            await study.UntilAsync("its lead is near",
                () => Task.FromResult(end - Now() < TimeSpan.FromSeconds(before)));
            await study.AmnreAsync("resume", "small");
            await study.UntilAsync("the training begins, or it is too late for it", async () => end - Now() < Lead
                || (await study.AttemptsAsync(ClusterStudy.Training)).Any(attempt => attempt.Worker == worker.Id));
            await StandStillAsync(study, worker.Pid, until: end - Lead);
            await study.UntilAsync("the worker leaves",
                async () => (await study.Views.WorkersAsync(TestContext.Current.CancellationToken)).Count == 0);
            if ((await study.AttemptsAsync(ClusterStudy.Training)).SingleOrDefault(attempt => attempt.Worker == worker.Id) is { } attempt)
            {
                Assert.Equal(AttemptOutcome.Drained, attempt.Outcome);
                return (worker.Id, end - attempt.EndedAt!.Value);
            }

            await study.AmnreAsync("pause", "small", "--drain");
        }

        throw new TimeoutException("no allocation was long enough for the training to begin in it");
    }

    private static async Task StandStillAsync(ClusterStudy study, int process, DateTime until)
    {
        if (until - Now() is not { Ticks: > 0 } held) return;
        var pid = process.ToString(CultureInfo.InvariantCulture);
        await Shell.RunAsync(study.Environment, "/bin/kill", "-STOP", pid);
        await Task.Delay(held, TestContext.Current.CancellationToken);
        await Shell.RunAsync(study.Environment, "/bin/kill", "-CONT", pid);
    }

    private static DateTime Now() => TimeProvider.System.GetUtcNow().UtcDateTime;
}
