using Amnre.Jobs.Attempts;
using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Views;
using Amnre.Jobs.Workers;
using Amnre.Testing;

namespace Amnre.Worker.Tests.Processes;

/// <summary>Whatever dies in the middle, the experiment ends as if nothing had.</summary>
public sealed class FaultTests(TestServer server) : StageTest(server)
{
    [Fact]
    public async Task A_diamond_runs_in_order_over_two_workers()
    {
        Scheduler();
        Worker();
        Worker();
        var submitted = await SubmitAsync(Plan("e", "top", "left: top", "right: top", "bottom: left right"));

        var end = await EndOfAsync(submitted.ExperimentId);

        Assert.Equal((ExperimentState.Succeeded, 4), (end.Experiment.State, end.Experiment.Succeeded));
        Assert.Equal("((()top)left(()top)right)bottom", await TextOfAsync(submitted.ExperimentId, "bottom"));
        await AuditAsync();
        var link = Path.Combine(Store.Root, "e", "results", "bottom.txt");
        await UntilAsync(submitted.ExperimentId, "the friendly path is there", _ => File.Exists(link));
        Assert.StartsWith("../../artifacts/", File.ResolveLinkTarget(link, false) is { }
            ? new FileInfo(link).LinkTarget!
            : "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_workers_job_is_run_again_by_another()
    {
        Scheduler();
        var victim = Victim();
        var submitted = await SubmitAsync(Plan("e", "long | held 20", "reader: long"));
        await RunningAsync(submitted.ExperimentId, "long");
        victim.Kill();
        LetGo("long");
        Worker();

        var end = await EndOfAsync(submitted.ExperimentId);

        Assert.Equal(ExperimentState.Succeeded, end.Experiment.State);
        var attempts = await JobViews.AttemptsAsync(end.Jobs[0].Id, Cancel);
        Assert.Equal([AttemptOutcome.Succeeded, AttemptOutcome.Lost], attempts.Select(attempt => attempt.Outcome!.Value));
        await AuditAsync();
    }

    [Fact]
    public async Task A_frozen_worker_that_wakes_up_late_cannot_publish()
    {
        Scheduler();
        var zombie = Victim();
        var submitted = await SubmitAsync(Plan("e", "long | held 40"));
        await RunningAsync(submitted.ExperimentId, "long");
        zombie.Freeze();
        await UntilAsync(submitted.ExperimentId, "the lease runs out", snapshot => snapshot.Jobs[0].State != JobState.Running
            || snapshot.Jobs[0].Attempt!.EndedAt is not null);
        Worker();
        await UntilAsync(submitted.ExperimentId, "another runs it",
            snapshot => snapshot.Jobs[0] is { Attempts: 2, State: JobState.Running });
        zombie.Thaw();
        LetGo("long");

        var end = await EndOfAsync(submitted.ExperimentId);

        Assert.Equal((ExperimentState.Succeeded, 2), (end.Experiment.State, end.Jobs[0].Attempts));
        Assert.False(zombie.HasExited);
        await AuditAsync();
    }

    [Fact]
    public async Task A_worker_told_to_terminate_hands_its_work_back_and_the_next_goes_on_from_there()
    {
        Scheduler();
        var first = Worker();
        var submitted = await SubmitAsync(Plan("e", "long | held 40"));
        await UntilAsync(submitted.ExperimentId, "it has come some way", snapshot => snapshot.Jobs[0].Attempt?.Progress is { Done: > 5 });
        first.Terminate();
        await first.WaitForExitAsync(Patience);
        Assert.Equal(0, first.ExitCode);
        LetGo("long");
        Worker();

        var end = await EndOfAsync(submitted.ExperimentId);

        Assert.Equal(ExperimentState.Succeeded, end.Experiment.State);
        Assert.Equal([AttemptOutcome.Succeeded, AttemptOutcome.Drained],
            (await JobViews.AttemptsAsync(end.Jobs[0].Id, Cancel)).Select(attempt => attempt.Outcome!.Value));
        var trace = await File.ReadAllLinesAsync(Path.Combine(Store.Root, "checkpoints", "long.trace"), Cancel);
        Assert.Equal(Enumerable.Range(0, 40), trace.Select(line => int.Parse(line.Split(':')[1])));
        var checkpoints = Store.CheckpointDirectory(
            Amnre.Jobs.Specs.Fingerprint.Parse((await JobViews.JobAsync(end.Jobs[0].Id, Cancel))!.Fingerprint));
        // After outcome recorded.
        await UntilAsync(submitted.ExperimentId, "its checkpoints are gone", _ => !Directory.Exists(checkpoints));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_worker_leaves_when_its_parent_goes_or_the_ledger_asks(bool ledger)
    {
        Scheduler();
        var worker = Keep(Cast.Worker(Part with { WorkerId = "leaver", ExitWithStandardInput = true }));
        var submitted = await SubmitAsync(Plan("e", "long | held 400"));
        await RunningAsync(submitted.ExperimentId, "long");

        if (ledger)
        {
            Assert.Equal(["leaver"], await Workers.AskToDrainAsync("leaver", Cancel));
        }
        else
        {
            worker.CloseInput();
        }

        await worker.WaitForExitAsync(Patience);
        await UntilAsync(submitted.ExperimentId, "the job is handed back",
            snapshot => snapshot.Jobs[0].Attempt!.Outcome == AttemptOutcome.Drained);
        Assert.DoesNotContain("leaver", (await Views.WorkersAsync(Cancel)).Select(one => one.Id));
    }

    [Fact]
    public async Task A_run_that_ignores_the_drain_is_left_behind_when_the_grace_is_over()
    {
        Scheduler();
        var worker = Keep(Cast.Worker(Part with { GraceSeconds = 1 }));
        var submitted = await SubmitAsync(Plan("e", "stuck | hang"));
        await RunningAsync(submitted.ExperimentId, "stuck");

        worker.Terminate();

        await worker.WaitForExitAsync(Patience);
        Assert.Equal(0, worker.ExitCode);
        await UntilAsync(submitted.ExperimentId, "it is rescued", snapshot => snapshot.Jobs[0].State != JobState.Running);
    }

    [Fact]
    public async Task Killed_schedulers_are_replaced_and_one_of_two_leads()
    {
        var first = Scheduler();
        while ((await Live()).Count < 1) await Task.Delay(50, Cancel);
        var second = Scheduler();
        Worker();
        // However long the second takes to start, the work begins after it.
        while ((await Live()).Count < 2) await Task.Delay(50, Cancel);
        var submitted = await SubmitAsync(Plan("e", "a | held 10", "b: a | held 50", "c: b | steps 10", "d: c"));
        await RunningAsync(submitted.ExperimentId, "a");
        Assert.Single(await Live(), one => one.Leader);
        first.Kill();
        LetGo("a");
        await RunningAsync(submitted.ExperimentId, "b");
        second.Kill();
        LetGo("b");
        await Task.Delay(1000, Cancel);
        Scheduler();

        var end = await EndOfAsync(submitted.ExperimentId);

        Assert.Equal((ExperimentState.Succeeded, 4), (end.Experiment.State, end.Experiment.Succeeded));
        Assert.All(end.Jobs, job => Assert.Equal(1, job.Attempts));
        await AuditAsync();

        Task<IReadOnlyList<SchedulerEntry>> Live() => new SchedulerRegistry(Database).LiveAsync(Cancel);
    }

    [Fact]
    public async Task Deliveries_doubled_and_lost_do_no_harm()
    {
        var submitted = await SubmitAsync(Plan("e", [.. Enumerable.Range(0, 12).Select(n => $"job{n} | steps 2")]));
        var transport = new Amnre.Jobs.Transport.JobTransport(Database, TimeSpan.FromSeconds(1));
        await transport.EnqueueAsync([.. (await SnapshotAsync(submitted.ExperimentId)).Jobs.Select(job => (job.Id, "plain"))],
            new Hints(["plain"], []), Cancel);

        Scheduler();
        await UntilAsync(submitted.ExperimentId, "some are queued", snapshot => snapshot.Jobs.Any(job => job.State == JobState.Queued));
        await transport.EnqueueAsync([.. (await SnapshotAsync(submitted.ExperimentId)).Jobs.Select(job => (job.Id, "plain"))],
            new Hints(["plain"], []), Cancel);

        await ExecuteAsync("delete from hangfire.jobqueue where id in (select id from hangfire.jobqueue order by random() limit 8)");
        Worker();
        Worker();

        var end = await EndOfAsync(submitted.ExperimentId);

        Assert.Equal((ExperimentState.Succeeded, 12), (end.Experiment.State, end.Experiment.Succeeded));
        Assert.All(end.Jobs, job => Assert.Equal(1, job.Attempts));
        await AuditAsync();
    }

    [Fact]
    public async Task A_cancelled_experiment_stops_what_runs_and_starts_nothing_else()
    {
        Scheduler();
        Worker();
        var submitted = await SubmitAsync(Plan("e", "long | held 4000", "reader: long"));
        await RunningAsync(submitted.ExperimentId, "long");

        Assert.True(await new Cancellation(Database).CancelAsync(submitted.ExperimentId, Cancel));

        var end = await EndOfAsync(submitted.ExperimentId);
        Assert.Equal((ExperimentState.Cancelled, 2), (end.Experiment.State, end.Experiment.Cancelled));
        Assert.False(await new Cancellation(Database).CancelAsync(submitted.ExperimentId, Cancel));
    }

    [Fact]
    public async Task A_job_that_kills_its_workers_is_set_aside_after_three()
    {
        Scheduler();
        var submitted = await SubmitAsync(Plan("e", "poison | die 99", "reader: poison"));
        var workers = Enumerable.Range(0, 3).Select(_ => Worker()).ToList();

        var end = await EndOfAsync(submitted.ExperimentId);

        Assert.All(workers, worker => Assert.True(worker.HasExited));
        Assert.Equal([JobState.Failed, JobState.Skipped], end.Jobs.Select(job => job.State));
        Assert.Contains("3 attempts took their worker", end.Jobs[0].Reason!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("input theta has no column 9", FailureClass.User, 1, "theta has no column 9")]
    [InlineData("fault oops", FailureClass.User, 1, "InvalidOperationException: oops")]
    [InlineData("memory", FailureClass.Resource, 3, "out of memory")]
    [InlineData("disk", FailureClass.Resource, 3, "disk full")]
    [InlineData("forget", FailureClass.User, 1, "out.txt")]
    public async Task Failures_are_charged_to_whose_they_are(string script, FailureClass failure, int attempts, string message)
    {
        Scheduler();
        Worker();
        var submitted = await SubmitAsync(Plan("e", $"job | {script}"));

        var end = await EndOfAsync(submitted.ExperimentId);

        Assert.Equal((JobState.Failed, attempts, failure), (end.Jobs[0].State, end.Jobs[0].Attempts, end.Jobs[0].Attempt!.FailureClass));
        Assert.Contains(message, end.Jobs[0].Reason!, StringComparison.Ordinal);
    }
}
