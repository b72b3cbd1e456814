using Amnre.Engine;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Submissions;
using Amnre.Testing;

namespace Amnre.Jobs.Tests.Submissions;

public sealed class ExtensionTests(TestServer server) : LedgerTest(server)
{
    private Extension Extension => new(Database, Store);

    [Fact]
    public async Task New_jobs_join_what_is_under_way_and_the_experiment_ends_with_them()
    {
        var id = (await SubmitAsync(Plan("study", "a", "b: a"))).ExperimentId;
        await RunAsync(id, "a");
        var larger = Plan("study", "a", "b: a", "c: a", "d: b c") with { AtMost = 3 };

        var extended = await Extension.ExtendAsync(larger, Cancel);

        Assert.Equal(["c", "d"], extended.Jobs.Select(job => job.Name));
        Assert.Equal(
            [("a", JobState.Succeeded), ("b", JobState.Ready), ("c", JobState.Ready), ("d", JobState.Waiting)],
            (await SnapshotAsync(id)).Jobs.Select(job => (job.Name, job.State)));
        await RunAllAsync(id);
        Assert.Equal(ExperimentState.Succeeded, (await SnapshotAsync(id)).Experiment.State);
        Assert.All((await SnapshotAsync(id)).Jobs, job => Assert.Equal(JobState.Succeeded, job.State));
    }

    [Fact]
    public async Task The_same_file_adds_nothing_and_attaches_afterwards()
    {
        await SubmitAsync(Plan("study", "a"));
        var larger = Plan("study", "a", "b");
        Assert.Single((await Extension.ExtendAsync(larger, Cancel)).Jobs);
        Assert.Empty((await Extension.ExtendAsync(larger, Cancel)).Jobs);
        Assert.True((await SubmitAsync(larger)).Attached);
    }

    [Fact]
    public async Task What_is_published_already_is_reused()
    {
        var other = (await SubmitAsync(Plan("other", "c"))).ExperimentId;
        await RunAllAsync(other);
        await SubmitAsync(Plan("study", "a"));
        var added = Assert.Single((await Extension.ExtendAsync(Plan("study", "a", "c"), Cancel)).Jobs);
        Assert.False(added.Runs);
    }

    [Fact]
    public async Task What_was_published_without_a_file_that_is_wanted_now_is_made_anew()
    {
        await RunAllAsync((await SubmitAsync(Plan("other", "c"))).ExperimentId);
        await SubmitAsync(Plan("study", "a"));
        var larger = Plan("study", "a", "c");
        larger = larger with
        {
            Jobs = [larger.Jobs[0],
                larger.Jobs[1] with { Outputs = [.. larger.Jobs[1].Outputs, new Amnre.Jobs.Specs.JobOutput("more.txt", null)] }],
        };

        var added = Assert.Single((await Extension.ExtendAsync(larger, Cancel)).Jobs);

        Assert.Equal((true, "added; more.txt was never published"), (added.Runs, added.Reason));
    }

    [Fact]
    public async Task A_job_that_reads_from_an_abandoned_one_is_skipped_and_comes_back_with_it()
    {
        var id = (await SubmitAsync(Plan("study", "a", "x"))).ExperimentId;
        var ticket = await StartAsync(id, "a");
        await Attempts.EndAsync(ticket.Token, Amnre.Jobs.Attempts.AttemptOutcome.Failed, FailureClass.User, "wrong", Cancel);
        await Graph.SettleAsync(id, new RetryPolicy(), Cancel);
        Assert.Equal(JobState.Failed, (await JobAsync(id, "a")).State);

        await Extension.ExtendAsync(Plan("study", "a", "x", "b: a"), Cancel);
        Assert.Equal(JobState.Skipped, (await JobAsync(id, "b")).State);
        await new Amnre.Jobs.Operations.Interventions(Database, Store).RetryAsync(id, [(await JobAsync(id, "a")).Id], Cancel);
        Assert.Equal(JobState.Waiting, (await JobAsync(id, "b")).State);
        await RunAsync(id, "a");
        Assert.Equal(JobState.Ready, (await JobAsync(id, "b")).State);
    }

    [Fact]
    public async Task A_file_that_lacks_or_changes_a_job_is_refused_and_nothing_is_added()
    {
        var id = (await SubmitAsync(Plan("study", "a", "b"))).ExperimentId;
        Assert.Contains("job 'b'", (await Refused(Plan("study", "a", "c"))).Message, StringComparison.Ordinal);
        Assert.Contains("job 'b'", (await Refused(Plan("study", "a", "b | 2", "c"))).Message, StringComparison.Ordinal);
        Assert.Contains("'amnre submit'", (await Refused(Plan("nothing", "a"))).Message, StringComparison.Ordinal);
        Assert.Equal(2, (await SnapshotAsync(id)).Jobs.Count);

        Task<InputException> Refused(Amnre.Jobs.Specs.ExperimentPlan plan) =>
            Assert.ThrowsAsync<InputException>(() => Extension.ExtendAsync(plan, Cancel));
    }

    [Fact]
    public async Task An_experiment_never_has_more_under_way_than_its_file_allows()
    {
        await SubmitAsync(Plan("study", "a", "b", "c") with { AtMost = 1 });
        Assert.Single(await Dispatch.TakeAsync("plain", 10, Cancel));
        Assert.Empty(await Dispatch.TakeAsync("plain", 10, Cancel));
        await Extension.ExtendAsync(Plan("study", "a", "b", "c"), Cancel);
        Assert.Equal(2, (await Dispatch.TakeAsync("plain", 10, Cancel)).Count);
    }
}
