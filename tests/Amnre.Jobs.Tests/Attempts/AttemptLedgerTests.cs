using Amnre.Engine;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Workers;
using Amnre.Testing;

namespace Amnre.Jobs.Tests.Attempts;

public sealed class AttemptLedgerTests(TestServer server) : LedgerTest(server)
{
    [Fact]
    public async Task A_claimed_job_publishes_its_files_and_its_dependent_reads_them()
    {
        var submitted = await SubmitAsync(Plan("e", "first", "second: first"));
        var first = await StartAsync(submitted.ExperimentId, "first");
        Assert.Equal(JobState.Waiting, (await JobAsync(submitted.ExperimentId, "second")).State);
        Assert.True(await Attempts.CommitAsync(first, Make(first, "hello"), Cancel));
        await Graph.SettleAsync(submitted.ExperimentId, new RetryPolicy(), Cancel);

        var second = await StartAsync(submitted.ExperimentId, "second");

        var input = Assert.Single(second.Inputs);
        Assert.Equal(("in", "first", "out.txt"), (input.Role, input.Job, input.Name));
        Assert.Equal("hello", await File.ReadAllTextAsync(input.Path, Cancel));
        Assert.True(second.Token > first.Token);
        Assert.True(await Attempts.CommitAsync(second, Make(second), Cancel));
        await Graph.SettleAsync(submitted.ExperimentId, new RetryPolicy(), Cancel);
        var end = await SnapshotAsync(submitted.ExperimentId);
        Assert.Equal(ExperimentState.Succeeded, end.Experiment.State);
        Assert.Equal(2, end.Experiment.Succeeded);
    }

    [Fact]
    public async Task A_zombie_cannot_commit_after_its_lease_was_given_away()
    {
        var submitted = await SubmitAsync(Plan("e", "job"));
        var zombie = await StartAsync(submitted.ExperimentId, "job");
        await ExpireLeasesAsync();
        Assert.Single(await new RescueLedger(Database).RescueAsync(Cancel));
        await Graph.SettleAsync(submitted.ExperimentId, new RetryPolicy { FirstDelay = TimeSpan.Zero }, Cancel);
        var heir = await StartAsync(submitted.ExperimentId, "job", "w2");

        Assert.False(await Attempts.CommitAsync(zombie, Make(zombie, "zombie"), Cancel));
        Assert.True(await Attempts.CommitAsync(heir, Make(heir, "heir"), Cancel));
        Assert.False(await Attempts.CommitAsync(zombie, Make(zombie, "zombie"), Cancel));

        await Graph.SettleAsync(submitted.ExperimentId, new RetryPolicy(), Cancel);
        var file = Assert.Single(await Files.FilesAsync(submitted.ExperimentId, Cancel));
        Assert.Equal("heir", await File.ReadAllTextAsync(Store.Absolute(file.Path), Cancel));
        Assert.Equal(1, await ScalarAsync<int>("select count(*)::int from amnre.attempts where outcome = 'succeeded'"));
    }

    [Fact]
    public async Task A_late_commit_wins_while_nobody_has_given_the_lease_away()
    {
        var submitted = await SubmitAsync(Plan("e", "job"));
        var late = await StartAsync(submitted.ExperimentId, "job");
        await ExpireLeasesAsync();

        Assert.True(await Attempts.CommitAsync(late, Make(late), Cancel));
        Assert.Empty(await new RescueLedger(Database).RescueAsync(Cancel));
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_learns_on_repetition_that_it_won()
    {
        var submitted = await SubmitAsync(Plan("e", "job"));
        var ticket = await StartAsync(submitted.ExperimentId, "job");
        var made = Make(ticket);

        Assert.True(await Attempts.CommitAsync(ticket, made, Cancel));
        Assert.True(await Attempts.CommitAsync(ticket, made, Cancel));
        Assert.Equal(1, await ScalarAsync<int>("select count(*)::int from amnre.artifacts"));
    }

    [Fact]
    public async Task Many_claims_of_one_delivery_give_one_ticket()
    {
        var submitted = await SubmitAsync(Plan("e", "job"));
        await Dispatch.TakeAsync("plain", 1, Cancel);
        var id = (await JobAsync(submitted.ExperimentId, "job")).Id;

        var tickets = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Attempts.ClaimAsync(id, "w1", Lease, Cancel)));

        Assert.Single(tickets, ticket => ticket is not null);
    }

    [Fact]
    public async Task One_result_is_never_made_twice_at_once_even_for_two_experiments()
    {
        var one = await SubmitAsync(Plan("one", "job"));
        var two = await SubmitAsync(Plan("two", "job"));
        var first = await StartAsync(one.ExperimentId, "job");
        Assert.Empty(await Dispatch.TakeAsync("plain", 10, Cancel));

        Assert.True(await Attempts.CommitAsync(first, Make(first), Cancel));
        await Graph.SettleAsync(one.ExperimentId, new RetryPolicy(), Cancel);

        var late = Assert.Single(await Dispatch.LateResultsAsync(100, Cancel));
        Assert.Equal(two.ExperimentId, late.ExperimentId);
        await Graph.ConcludeAsync(late.ExperimentId, [(late.JobId, job => new GraphEvent.Published(job, late.By))], Cancel);
        var end = await SnapshotAsync(two.ExperimentId);
        Assert.Equal((ExperimentState.Succeeded, 1), (end.Experiment.State, end.Experiment.Reused));
    }

    [Fact]
    public async Task A_heartbeat_carries_progress_and_learns_of_cancellation_and_draining()
    {
        var submitted = await SubmitAsync(Plan("e", "job", "other"));
        var ticket = await StartAsync(submitted.ExperimentId, "job");
        var progress = new ReportedProgress(3, 10, "steps", new Dictionary<string, double> { ["loss"] = 0.5, ["bad"] = double.NaN }, 7);

        Assert.Equal(new Heartbeat(true, true, false, false, HandBack: false), Attempts.Beat("w1", ticket.Token, Lease, progress));
        var seen = (await JobAsync(submitted.ExperimentId, "job")).Attempt!.Progress!;
        Assert.Equal((3, 10, "steps", 7d), (seen.Done, seen.Total, seen.Unit, seen.SecondsLeft));
        Assert.Equal(0.5, seen.Metrics["loss"]);
        Assert.True(double.IsNaN(seen.Metrics["bad"]));

        Assert.True(await new Cancellation(Database).CancelAsync(submitted.ExperimentId, Cancel));
        Assert.Equal(["w1"], await Workers.AskToDrainAsync("w1", Cancel));
        Assert.Equal(new Heartbeat(true, true, true, true, HandBack: false), Attempts.Beat("w1", ticket.Token, Lease, null));
        Assert.True(await Attempts.EndAsync(ticket.Token, AttemptOutcome.Cancelled, null, null, Cancel));
        Assert.Equal(new Heartbeat(true, false, false, true, HandBack: false), Attempts.Beat("w1", ticket.Token, Lease, null));
        Assert.Equal([submitted.ExperimentId], await Graph.UnsettledAsync(Cancel));
        await Graph.SettleAsync(submitted.ExperimentId, new RetryPolicy(), Cancel);
        var end = await SnapshotAsync(submitted.ExperimentId);
        Assert.Equal((ExperimentState.Cancelled, 2), (end.Experiment.State, end.Experiment.Cancelled));
        Assert.Empty(await Graph.UnsettledAsync(Cancel));
    }

    [Fact]
    public async Task A_draining_worker_gets_no_claim()
    {
        var submitted = await SubmitAsync(Plan("e", "job"));
        await Dispatch.TakeAsync("plain", 1, Cancel);
        await Workers.AskToDrainAsync("w1", Cancel);

        Assert.Null(await Attempts.ClaimAsync((await JobAsync(submitted.ExperimentId, "job")).Id, "w1", Lease, Cancel));
    }

    [Fact]
    public async Task A_drained_attempt_uses_no_retry_and_a_user_failure_ends_the_job()
    {
        var submitted = await SubmitAsync(Plan("e", "job", "reader: job"));
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var drained = await StartAsync(submitted.ExperimentId, "job");
            Assert.Equal(attempt, drained.Attempt);
            Assert.True(await Attempts.EndAsync(drained.Token, AttemptOutcome.Drained, null, null, Cancel));
            await Graph.SettleAsync(submitted.ExperimentId, new RetryPolicy(), Cancel);
        }

        var failed = await StartAsync(submitted.ExperimentId, "job");
        Assert.True(await Attempts.EndAsync(failed.Token, AttemptOutcome.Failed, FailureClass.User, "no such simulator", Cancel));
        await Graph.SettleAsync(submitted.ExperimentId, new RetryPolicy(), Cancel);

        var end = await SnapshotAsync(submitted.ExperimentId);
        Assert.Equal(ExperimentState.Failed, end.Experiment.State);
        Assert.Equal((JobState.Failed, "no such simulator"), (end.Jobs[0].State, end.Jobs[0].Reason));
        Assert.Equal((JobState.Skipped, "job failed"), (end.Jobs[1].State, end.Jobs[1].Reason));
    }

    [Fact]
    public async Task A_job_that_keeps_killing_its_workers_is_set_aside_and_survivors_do_not_count()
    {
        var submitted = await SubmitAsync(Plan("e", "job"));
        var policy = new RetryPolicy { FirstDelay = TimeSpan.Zero, LongestDelay = TimeSpan.Zero, PoisonAfter = 2 };
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.Equal(ExperimentState.Running, (await SnapshotAsync(submitted.ExperimentId)).Experiment.State);
            var ticket = await StartAsync(submitted.ExperimentId, "job");
            Assert.Equal(1, await Workers.ReportDeadAsync("w1", "process 1 ended with code 137", Cancel));
            if (attempt == 0)
            {
                Assert.False(await Attempts.EndAsync(ticket.Token, AttemptOutcome.Drained, null, null, Cancel));
            }

            await Graph.SettleAsync(submitted.ExperimentId, policy, Cancel);
            await Workers.RegisterAsync(new WorkerEntry("w1", "host", 1, 1, ["plain"], null), Cancel);
        }

        var job = await JobAsync(submitted.ExperimentId, "job");
        Assert.Equal(JobState.Failed, job.State);
        Assert.Contains("2 attempts took their worker", job.Reason!, StringComparison.Ordinal);
        Assert.Contains("137", job.Reason!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_that_came_out_differently_is_reported_as_drift()
    {
        var plan = Plan("e", "job", "reader: job");
        var first = await SubmitAsync(plan);
        await RunAsync(first.ExperimentId, "job", "as before");
        await RunAsync(first.ExperimentId, "reader");
        File.Delete(Store.Absolute((await Files.FilesAsync(first.ExperimentId, Cancel))[0].Path));
        var second = await SubmitAsync(plan);
        await RunAsync(second.ExperimentId, "job", "otherwise");

        var warning = Assert.Single((await SnapshotAsync(second.ExperimentId)).Warnings);

        Assert.Equal(("drift", "job"), (warning.Kind, warning.Job));
        Assert.Contains("out.txt", warning.Message, StringComparison.Ordinal);
        await RunAsync(second.ExperimentId, "reader");
        Assert.Single((await SnapshotAsync(second.ExperimentId)).Warnings);
    }

    [Fact]
    public async Task A_run_that_did_not_make_its_output_is_refused()
    {
        var submitted = await SubmitAsync(Plan("e", "job"));
        var ticket = await StartAsync(submitted.ExperimentId, "job");
        Directory.CreateDirectory(ticket.OutputDirectory);

        var refused = Assert.Throws<InputException>(() => Store.Collect(ticket.Fingerprint, ticket.Token, ticket.Outputs, Cancel));

        Assert.Contains("out.txt", refused.Message, StringComparison.Ordinal);
    }

    private Task ExpireLeasesAsync() => ExecuteAsync("update amnre.attempts set lease_until = now() - interval '1 second'");
}
