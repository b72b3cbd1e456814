using Amnre.Engine;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Views;
using Amnre.Testing;

namespace Amnre.Jobs.Tests.Operations;

public sealed class InterventionsTests(TestServer server) : LedgerTest(server)
{
    private Interventions Interventions => new(Database, Store);

    [Fact]
    public async Task The_end_of_an_experiment_is_noted_once_however_often_it_is_concluded()
    {
        var id = (await SubmitAsync(Plan("study", "a"))).ExperimentId;
        await RunAllAsync(id);

        await Graph.ConcludeAsync(id, new GraphEvent.CancelAsked(), Cancel);

        Assert.Single(await Views.EventsAsync(id, 0, 100, Cancel), one => one.Kind == "finished");
        Assert.Equal(ExperimentState.Succeeded, (await SnapshotAsync(id)).Experiment.State);
    }

    [Fact]
    public async Task While_paused_nothing_begins_and_what_was_handed_out_comes_back()
    {
        var id = (await SubmitAsync(Plan("e", "a", "b"))).ExperimentId;
        var queued = await Dispatch.TakeAsync("plain", 1, Cancel);

        Assert.True(await Interventions.PauseAsync(id, drain: false, Cancel));

        Assert.Equal(JobState.Ready, (await JobAsync(id, "a")).State);
        Assert.Null(await Attempts.ClaimAsync(queued[0], "w1", Lease, Cancel));
        Assert.Empty(await Dispatch.TakeAsync("plain", 10, Cancel));
        Assert.True((await SnapshotAsync(id)).Experiment.Paused);
        Assert.True(await Interventions.ResumeAsync(id, Cancel));
        Assert.False(await Interventions.ResumeAsync(id, Cancel));
        await RunAllAsync(id);
        Assert.False(await Interventions.PauseAsync(id, drain: false, Cancel));
    }

    [Fact]
    public async Task A_claim_that_meets_the_pause_on_its_way_is_refused()
    {
        var id = (await SubmitAsync(Plan("e", "a"))).ExperimentId;
        var queued = await Dispatch.TakeAsync("plain", 1, Cancel);
        await ExecuteAsync("update amnre.experiments set paused_at = now()");

        Assert.Null(await Attempts.ClaimAsync(queued[0], "w1", Lease, Cancel));
        Assert.Equal(JobState.Queued, (await JobAsync(id, "a")).State);
    }

    [Fact]
    public async Task A_running_attempt_hears_of_a_pause_only_when_it_is_to_hand_its_work_back()
    {
        var id = (await SubmitAsync(Plan("e", "a"))).ExperimentId;
        var ticket = await StartAsync(id, "a");

        await Interventions.PauseAsync(id, drain: false, Cancel);
        Assert.False(Attempts.Beat("w1", ticket.Token, Lease, null).HandBack);
        await Interventions.PauseAsync(id, drain: true, Cancel);
        Assert.True(Attempts.Beat("w1", ticket.Token, Lease, null).HandBack);
        await Attempts.EndAsync(ticket.Token, AttemptOutcome.Drained, null, null, Cancel);
        await Graph.SettleAsync(id, new RetryPolicy(), Cancel);

        Assert.Equal(JobState.Ready, (await JobAsync(id, "a")).State);
        Assert.Empty(await Dispatch.TakeAsync("plain", 10, Cancel));
        await Interventions.ResumeAsync(id, Cancel);
        Assert.False(Attempts.Beat("w1", (await StartAsync(id, "a")).Token, Lease, null).HandBack);
    }

    [Fact]
    public async Task A_cancelled_job_takes_what_reads_from_it_along_and_nothing_else()
    {
        var id = (await SubmitAsync(Plan("e", "a", "b: a", "c: b", "d"))).ExperimentId;

        var asked = await Interventions.CancelJobsAsync(id, [(await JobAsync(id, "b")).Id], Cancel);

        Assert.Single(asked);
        Assert.Equal("ready cancelled cancelled ready", await StatesAsync(id));
        await RunAllAsync(id);
        Assert.Equal(ExperimentState.Cancelled, (await SnapshotAsync(id)).Experiment.State);
        Assert.Empty(await Interventions.CancelJobsAsync(id, asked, Cancel));
    }

    [Theory]
    [InlineData(AttemptOutcome.Cancelled)]
    [InlineData(AttemptOutcome.Drained)]
    public async Task A_running_job_is_told_to_stop_and_does_not_begin_again_however_it_ends(AttemptOutcome outcome)
    {
        var id = (await SubmitAsync(Plan("e", "a", "b: a"))).ExperimentId;
        var ticket = await StartAsync(id, "a");
        Assert.False(Attempts.Beat("w1", ticket.Token, Lease, null).Stop);

        await Interventions.CancelJobsAsync(id, [ticket.JobId], Cancel);

        Assert.True(Attempts.Beat("w1", ticket.Token, Lease, null).Stop);
        Assert.True((await JobAsync(id, "a")).CancelRequested);
        await Attempts.EndAsync(ticket.Token, outcome, null, null, Cancel);
        Assert.Contains(id, await Graph.UnsettledAsync(Cancel));
        await Graph.SettleAsync(id, new RetryPolicy(), Cancel);
        Assert.Equal("cancelled cancelled", await StatesAsync(id));
    }

    [Fact]
    public async Task A_cancelled_experiment_ends_at_once_when_nothing_runs_and_comes_back_when_tried_again()
    {
        var id = (await SubmitAsync(Plan("e", "a", "b: a"))).ExperimentId;

        Assert.True(await Interventions.CancelAsync(id, Cancel));
        Assert.Equal(ExperimentState.Cancelled, (await SnapshotAsync(id)).Experiment.State);
        Assert.False(await Interventions.CancelAsync(id, Cancel));

        Assert.Equal(2, (await Interventions.RetryAsync(id, [.. (await SnapshotAsync(id)).Jobs.Select(job => job.Id)], Cancel)).Count);
        Assert.False((await SnapshotAsync(id)).Experiment.CancelRequested);
        await RunAllAsync(id);
        Assert.Equal(ExperimentState.Succeeded, (await SnapshotAsync(id)).Experiment.State);
    }

    [Fact]
    public async Task A_retry_opens_the_experiment_again_with_a_fresh_budget()
    {
        var id = (await SubmitAsync(Plan("e", "a", "b: a"))).ExperimentId;
        await FailAsync(id, "a");
        Assert.Equal("failed skipped", await StatesAsync(id));
        Assert.Equal(ExperimentState.Failed, (await SnapshotAsync(id)).Experiment.State);
        var job = (await JobAsync(id, "a")).Id;

        Assert.Equal(2, (await Interventions.RetryAsync(id, [job], Cancel)).Count);
        Assert.Empty(await Interventions.RetryAsync(id, [job], Cancel));

        Assert.Equal(ExperimentState.Running, (await SnapshotAsync(id)).Experiment.State);
        // One user failure is in the budget again: the one before does not count.
        await FailAsync(id, "a", new RetryPolicy { UserRetries = 1, FirstDelay = TimeSpan.Zero });
        Assert.Equal("ready waiting", await StatesAsync(id));
        await RunAllAsync(id);
        Assert.Equal(ExperimentState.Succeeded, (await SnapshotAsync(id)).Experiment.State);
        Assert.Equal([1, 2, 3], (await JobViews.AttemptsAsync(job, Cancel)).Select(attempt => attempt.Number).Reverse());
    }

    [Fact]
    public async Task Only_the_newest_version_can_be_opened_again()
    {
        var first = (await SubmitAsync(Plan("e", "a"))).ExperimentId;
        await FailAsync(first, "a");
        await SubmitAsync(Plan("e", "a | 2"));

        var refused = await Assert.ThrowsAsync<InputException>(async () =>
            await Interventions.RetryAsync(first, [(await JobAsync(first, "a")).Id], Cancel));

        Assert.Contains("version 2", refused.Message, StringComparison.Ordinal);
        Assert.Equal(JobState.Failed, (await JobAsync(first, "a")).State);
    }

    [Theory]
    [InlineData("same", "confirmed")]
    [InlineData("other", "drift")]
    public async Task A_job_made_anew_is_compared_with_its_earlier_result(string text, string verdict)
    {
        var id = (await SubmitAsync(Plan("e", "a", "b: a"))).ExperimentId;
        await RunAsync(id, "a", "same");
        await RunAsync(id, "b");
        var job = (await JobAsync(id, "a")).Id;

        Assert.Equal([job], await Interventions.RerunAsync(id, [job], Cancel));

        Assert.Empty(await Dispatch.LateResultsAsync(100, Cancel));
        await RunAsync(id, "a", text);
        var facts = (await new JobViews(Database).FactsAsync(job, Cancel))!;
        Assert.Contains(JobExplanation.Of(facts).Standing,
            sentence => sentence.Contains($" {verdict}: a: made again", StringComparison.Ordinal));
        var snapshot = await SnapshotAsync(id);
        Assert.Equal(verdict == "drift", snapshot.Warnings.Count == 1);
        Assert.Equal(ExperimentState.Succeeded, snapshot.Experiment.State);
        Assert.Equal("succeeded succeeded", await StatesAsync(id));
    }

    [Fact]
    public async Task A_result_that_another_experiment_publishes_does_not_stand_in_for_one_made_anew()
    {
        var id = (await SubmitAsync(Plan("e", "a"))).ExperimentId;
        await RunAsync(id, "a");
        await Interventions.RerunAsync(id, [(await JobAsync(id, "a")).Id], Cancel);
        var other = (await SubmitAsync(Plan("f", "a"))).ExperimentId;
        await ExecuteAsync("update amnre.publications set published_at = now()");
        await ExecuteAsync("update amnre.attempts set job_id = (select id from amnre.jobs where experiment_id = @other), number = 9",
            new { other });

        Assert.Empty(await Dispatch.LateResultsAsync(100, Cancel));
    }

    [Fact]
    public async Task What_a_job_made_anew_reads_from_is_made_anew_where_it_is_missing()
    {
        var id = (await SubmitAsync(Plan("e", "a", "b: a", "c: b"))).ExperimentId;
        await RunAllAsync(id);
        File.Delete(Store.Absolute((await Files.FilesAsync(id, Cancel)).Single(file => file.Job == "a").Path));

        var again = await Interventions.RerunAsync(id, [(await JobAsync(id, "b")).Id], Cancel);

        Assert.Equal(2, again.Count);
        Assert.Equal("ready waiting succeeded", await StatesAsync(id));
        await RunAllAsync(id);
    }

    [Fact]
    public async Task A_priority_given_later_counts_from_the_next_dispatch_on()
    {
        await SubmitAsync(Plan("first", "a"));
        var second = (await SubmitAsync(Plan("second", "b"))).ExperimentId;

        Assert.Equal(0, await Interventions.PrioritizeAsync(second, 5, Cancel));

        Assert.Equal([(await JobAsync(second, "b")).Id], await Dispatch.TakeAsync("plain", 1, Cancel));
        Assert.Equal(5, await Interventions.PrioritizeAsync(second, -5, Cancel));
        Assert.Null(await Interventions.PrioritizeAsync(second + 1, 0, Cancel));
    }

    [Fact]
    public async Task Workers_are_asked_to_leave_by_name_or_pattern()
    {
        Assert.Equal(["w2"], await Workers.AskToDrainAsync("w2", Cancel));
        Assert.Empty(await Workers.AskToDrainAsync("_2", Cancel));
        Assert.Equal(2, (await Workers.AskToDrainAsync("w*", Cancel)).Count);
    }

    [Fact]
    public async Task A_selection_that_finds_nothing_says_what_there_is()
    {
        var id = (await SubmitAsync(Plan("quick", "train/a", "train/b"))).ExperimentId;
        var selector = new Selector(Database);

        Assert.Equal("train/b", (await selector.SelectAsync("b", Cancel)).Single().Jobs.Single().Name);
        Assert.Equal((id, true), (await selector.SelectAsync("qu*", Cancel)).Select(one => (one.Id, one.Whole)).Single());
        Assert.Contains("did you mean 'quick'",
            (await Assert.ThrowsAsync<InputException>(() => selector.SelectAsync("quik", Cancel))).Message, StringComparison.Ordinal);
        Assert.Contains("did you mean 'train/a'",
            (await Assert.ThrowsAsync<InputException>(() => selector.SelectAsync("quick/trai/a", Cancel))).Message,
            StringComparison.Ordinal);
        await SubmitAsync(Plan("other", "train/b"));
        Assert.Contains("'quick/b' or 'other/b'",
            (await Assert.ThrowsAsync<InputException>(() => selector.SelectAsync("b", Cancel))).Message, StringComparison.Ordinal);
    }

    private async Task FailAsync(long experiment, string job, RetryPolicy? policy = null)
    {
        var ticket = await StartAsync(experiment, job);
        await Attempts.EndAsync(ticket.Token, AttemptOutcome.Failed, FailureClass.User, "a fault", Cancel);
        await Graph.SettleAsync(experiment, policy ?? new RetryPolicy(), Cancel);
    }

    private async Task<string> StatesAsync(long experiment) =>
        string.Join(' ', (await SnapshotAsync(experiment)).Jobs.Select(job => job.State.ToString().ToLowerInvariant()));
}
