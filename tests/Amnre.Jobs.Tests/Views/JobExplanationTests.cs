using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Views;
using Amnre.Jobs.Workers;
using Amnre.Testing;

namespace Amnre.Jobs.Tests.Views;

public sealed class JobExplanationTests(TestServer server) : LedgerTest(server)
{
    [Fact]
    public async Task A_waiting_job_names_what_it_waits_for()
    {
        var id = (await SubmitAsync(Plan("e", "a", "b", "c: a b"))).ExperimentId;
        await RunAsync(id, "a");

        Assert.Equal(["waits for b, which is queued"], (await ExplainAsync(id, "c")).Standing);
    }

    /// <summary>Each remedy is done, and brings the job back.</summary>
    [Fact]
    public async Task What_was_abandoned_names_a_remedy_that_works()
    {
        var id = (await SubmitAsync(Plan("e", "a", "b: a"))).ExperimentId;
        await FailAsync(id, "a");
        var actions = new Actions(Database, Store);

        Assert.Contains("'amnre retry e/a' retries it", (await ExplainAsync(id, "a")).Standing);
        Assert.Contains("'amnre retry e --where state=failed,cancelled' retries what it reads from, and brings it back with that",
            (await ExplainAsync(id, "b")).Standing);
        await actions.DoAsync(new ActionRequest(ActionKind.Retry, "e") { Where = ["state=failed,cancelled"] }, Requester.AtTheDatabase,
            Cancel);
        Assert.Equal([JobState.Ready, JobState.Waiting], (await SnapshotAsync(id)).Jobs.Select(job => job.State));

        await FailAsync(id, "a");
        var second = (await SubmitAsync(Plan("e", "a | 2"))).ExperimentId;
        Assert.Contains("version 1 was followed by version 2, and only the newest can be retried: submitting the earlier file again " +
            "makes what is missing", (await ExplainAsync(id, "a")).Standing);
        await RunAllAsync(second);
        Assert.All((await SubmitAsync(Plan("e", "a", "b: a"))).Jobs, job => Assert.True(job.Runs));
    }

    /// <summary>A retry would compare the same verdict.</summary>
    [Fact]
    public async Task What_a_requirement_keeps_from_running_names_its_reason_and_what_helps()
    {
        var id = (await SubmitAsync(Plan("e", "require/check/a", "figure: require/check/a"))).ExperimentId;
        await FailAsync(id, "require/check/a");

        var standing = (await ExplainAsync(id, "figure")).Standing;

        Assert.Contains("skipped: require/check/a failed", standing);
        Assert.Contains("require/check/a failed: wrong", standing);
        Assert.Contains(standing, sentence => sentence.StartsWith("a retry compares the same verdict", StringComparison.Ordinal));
        Assert.DoesNotContain(standing, sentence => sentence.Contains("amnre retry", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rerun_of_what_reads_from_a_failed_job_says_which_to_retry_first()
    {
        var id = (await SubmitAsync(Plan("e", "a", "b: a"))).ExperimentId;
        await RunAllAsync(id);
        var actions = new Actions(Database, Store);
        await actions.DoAsync(new ActionRequest(ActionKind.Rerun, "e/a"), Requester.AtTheDatabase, Cancel);
        await FailAsync(id, "a");

        var report = await actions.DoAsync(new ActionRequest(ActionKind.Rerun, "e/b"), Requester.AtTheDatabase, Cancel);

        Assert.Equal("reads from a job that failed or was cancelled: retry that one first", Assert.Single(report.Not).Why);
    }

    private async Task FailAsync(long experiment, string name)
    {
        var ticket = await StartAsync(experiment, name);
        Assert.True(await Attempts.EndAsync(ticket.Token, AttemptOutcome.Failed, FailureClass.User, "wrong", Cancel));
        await Graph.SettleAsync(experiment, new RetryPolicy(), Cancel);
    }

    [Fact]
    public async Task A_ready_job_names_every_obstacle()
    {
        var id = (await SubmitAsync(Plan("e", "a", "b"))).ExperimentId;
        Assert.Contains("no scheduler is running: start 'amnre scheduler' or 'amnre run'", (await ExplainAsync(id, "b")).Standing);
        await new SchedulerRegistry(Database).AnnounceAsync("s", "host", 1, null, true, null, Cancel);
        Assert.Equal(["1 ready job goes first: by priority, then users take turns, then their experiments, then the earliest"],
            (await ExplainAsync(id, "b")).Standing);

        await ExecuteAsync("update amnre.jobs set queue = 'accelerated', gpus = 2 where name = 'b'");
        Assert.Contains("no worker fits: it needs 2 GPUs, which none of the 2 workers offers", (await ExplainAsync(id, "b")).Standing);
        await ExecuteAsync("update amnre.workers set ended_at = now()");
        Assert.Contains("no worker is running: start 'amnre worker' or 'amnre run'", (await ExplainAsync(id, "b")).Standing);
        await new Interventions(Database, Store).PauseAsync(id, false, Cancel);
        Assert.Contains("the experiment is paused: 'amnre resume e' resumes it", (await ExplainAsync(id, "b")).Standing);
    }

    [Fact]
    public async Task A_job_that_no_worker_fits_says_what_is_too_little()
    {
        var id = (await SubmitAsync(Plan("e", "a", "b") with { AtMost = 1 })).ExperimentId;
        await new SchedulerRegistry(Database).AnnounceAsync("s", "host", 1, null, true, null, Cancel);
        await ExecuteAsync(
            "update amnre.workers set memory_bytes = 2147483648; update amnre.jobs set memory_bytes = 8589934592 where name = 'b'");
        Assert.Contains("no worker fits: it needs 8 GiB, and the largest offers 2 GiB", (await ExplainAsync(id, "b")).Standing);
        await ExecuteAsync("update amnre.jobs set memory_bytes = 0, time_limit = interval '2 hours'; update amnre.workers set ends_at = " +
            "now() + interval '1 hour'");
        Assert.Contains((await ExplainAsync(id, "b")).Standing,
            line => line.StartsWith("no worker fits: its expected duration is 02:00:00, and every allocation ends before",
                StringComparison.Ordinal));
        await ExecuteAsync("update amnre.workers set ends_at = null");
        await StartAsync(id, "a");
        Assert.Contains((await ExplainAsync(id, "b")).Standing,
            line => line.StartsWith("its experiment has 1 jobs under way and allows 1 at once", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_where_jobs_keep_failing_is_avoided_and_named()
    {
        var id = (await SubmitAsync(Plan("e", "a", "b", "c", "d"))).ExperimentId;
        await Workers.RegisterAsync(new WorkerEntry("w3", "elsewhere", 3, 1, ["plain"], null), Cancel);
        foreach (var name in (string[])["a", "b", "c"])
        {
            Assert.DoesNotContain((await Dispatch.SituationAsync(TimeSpan.FromHours(1), Cancel)).Workers, worker => worker.Avoided);
            var ticket = await StartAsync(id, name);
            await Attempts.EndAsync(ticket.Token, AttemptOutcome.Failed, FailureClass.Resource, "disk full", Cancel);
        }

        Assert.Equal(["w1", "w2"],
            (await Dispatch.SituationAsync(TimeSpan.FromHours(1), Cancel)).Workers.Where(worker => worker.Avoided)
                .Select(worker => worker.Id).Order());
        Assert.Contains((await ExplainAsync(id, "d")).Standing, line => line.StartsWith("host host is avoided", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_that_alone_reads_results_wrong_is_avoided_and_one_damaged_result_blames_nobody()
    {
        var id = (await SubmitAsync(Plan("e", "a", "b", "c", "h", "d: a b c h", "f: a"))).ExperimentId;
        await Workers.RegisterAsync(new WorkerEntry("w3", "elsewhere", 3, 1, ["plain"], null), Cancel);
        foreach (var name in (string[])["a", "b", "c", "h"]) await RunAsync(id, name);
        var ticket = await StartAsync(id, "d");
        var made = ticket.Inputs.Select(input => input.Token).Distinct().ToList();
        Assert.Equal(4, made.Count);

        await FoundAsync(ticket, made.Take(2));
        Assert.Empty(await AvoidedAsync());
        await FoundAsync(ticket, made.Skip(2).Take(1));
        Assert.Equal(["w1", "w2"], await AvoidedAsync());
        Assert.Contains((await ExplainAsync(id, "f")).Standing, line => line.StartsWith("host host is avoided", StringComparison.Ordinal)
            && line.Contains("found damaged there", StringComparison.Ordinal));

        // Another host finds damage too: the files are damaged, or what all hosts share.
        await FoundAsync(await StartAsync(id, "f", "w3"), made.Skip(3));
        Assert.Empty(await AvoidedAsync());

        async Task FoundAsync(JobTicket by, IEnumerable<long> tokens)
        {
            foreach (var token in tokens)
                await ExecuteAsync("insert into amnre.damages (token, fingerprint, found_by, message) values (@token, 'f' || @token, " +
                    "@By, 'digest')", new { token, By = by.Token });
        }

        async Task<IReadOnlyList<string>> AvoidedAsync() =>
            [.. (await Dispatch.SituationAsync(TimeSpan.FromHours(1), Cancel)).Workers.Where(worker => worker.Avoided)
                .Select(worker => worker.Id).Order()];
    }

    [Fact]
    public async Task A_back_off_says_until_when_and_why()
    {
        var id = (await SubmitAsync(Plan("e", "a"))).ExperimentId;
        var ticket = await StartAsync(id, "a");
        await Attempts.EndAsync(ticket.Token, AttemptOutcome.Failed, FailureClass.Resource, "disk full", Cancel);
        await Graph.SettleAsync(id, new RetryPolicy { FirstDelay = TimeSpan.FromSeconds(90) }, Cancel);

        var standing = (await ExplainAsync(id, "a")).Standing;

        Assert.Equal("ready: retried after: disk full", standing[0]);
        Assert.Matches(@"^waits out a back-off until \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ, (89|90) s from now$", standing[1]);
    }

    [Fact]
    public async Task A_job_that_runs_again_names_every_field_that_changed()
    {
        await RunAllAsync((await SubmitAsync(Plan("e", "a", "b: a"))).ExperimentId);
        var second = (await SubmitAsync(Plan("e", "a | 2", "b: a | 3"))).ExperimentId;

        Assert.Equal(["its submission decided so: changed: settings \"1\" → \"2\"", "against the version before: settings \"1\" → \"2\""],
            (await ExplainAsync(second, "a")).Origin);
        // The reason outlives the run, and the earlier result is named.
        await RunAllAsync(second);
        var origin = (await ExplainAsync(second, "b")).Origin;
        Assert.Contains("settings \"1\" → \"3\"", origin[0], StringComparison.Ordinal);
        Assert.Contains("by e/b, token", origin[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_result_under_way_elsewhere_is_named()
    {
        var first = (await SubmitAsync(Plan("e", "a"))).ExperimentId;
        await StartAsync(first, "a");
        var second = (await SubmitAsync(Plan("f", "a"))).ExperimentId;

        Assert.Contains("the same result is being made by e/a; it will be reused", (await ExplainAsync(second, "a")).Standing);
    }

    private async Task<JobExplanation> ExplainAsync(long experiment, string job) =>
        JobExplanation.Of((await new JobViews(Database).FactsAsync((await JobAsync(experiment, job)).Id, Cancel))!);
}
