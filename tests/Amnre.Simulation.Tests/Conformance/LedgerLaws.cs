using Amnre.Jobs.Attempts;
using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Submissions;
using Amnre.Simulation.Tests.Memory;
using Amnre.Testing;

namespace Amnre.Simulation.Tests.Conformance;

public sealed class MemoryLedgerLaws : LedgerLaws
{
    protected override Task<ILedgerSubject> OpenAsync() => Task.FromResult<ILedgerSubject>(new MemorySubject(Mutation.None));
}

public sealed class PostgresLedgerLaws(TestServer server) : LedgerLaws
{
    protected override async Task<ILedgerSubject> OpenAsync() => await PostgresSubject.OpenAsync(server);
}

/// <summary>What every ledger must do, the simulator's and the real one alike.</summary>
public abstract partial class LedgerLaws : IAsyncLifetime
{
    /// <summary>Long beside what the real ledger really takes for its calls.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(30);
    private static readonly RetryPolicy Policy = new();

    private ILedgerSubject _ledger = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _ledger = await OpenAsync();
        await _ledger.RegisterAsync("w1");
        await _ledger.RegisterAsync("w2");
    }

    public async ValueTask DisposeAsync()
    {
        await _ledger.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_job_becomes_ready_when_the_last_that_it_reads_from_is_concluded()
    {
        var id = await SubmitAsync("a", "b", "c: a b");
        await RunAsync(id, "a");
        Assert.Equal([JobState.Succeeded, JobState.Queued, JobState.Waiting], await StatesAsync(id));
        await RunAsync(id, "b");
        Assert.Equal([JobState.Succeeded, JobState.Succeeded, JobState.Ready], await StatesAsync(id));
        await RunAsync(id, "c");
        Assert.Equal(ExperimentState.Succeeded, await _ledger.StateAsync(id));
    }

    [Fact]
    public async Task Only_one_of_two_claims_is_granted_and_tokens_grow()
    {
        var id = await SubmitAsync("a", "b");
        var first = await StartAsync(id, "a");
        Assert.Null(await _ledger.Attempts.ClaimAsync(first.JobId, "w2", Lease, Cancel));
        Assert.True((await StartAsync(id, "b", "w2")).Token > first.Token);
    }

    [Fact]
    public async Task A_result_is_made_by_one_attempt_at_a_time_across_experiments()
    {
        var one = await SubmitAsync("a");
        var other = (await _ledger.SubmitAsync(Plans.Of("other", "a"))).ExperimentId;
        await StartAsync(one, "a");
        await _ledger.Dispatch.TakeAsync(JobQueues.Cpu, 10, Cancel);
        Assert.Equal([JobState.Ready], await StatesAsync(other));
        Assert.Null(await _ledger.Attempts.ClaimAsync((await _ledger.JobsAsync(other))[0].Id, "w2", Lease, Cancel));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_job_that_is_kept_on_its_kind_of_device_is_resumed_there_alone(bool isDrained)
    {
        var device = new DeviceFacts
        {
            Processor = "one",
            Family = "maker family 1",
            Vectors = "AVX-512",
            Kernels = "processor",
            Torch = "2",
        };
        await _ledger.RegisterAsync("first", device);
        await _ledger.RegisterAsync("lesser", device with { Vectors = "AVX2", Gpu = "a GPU" });
        await _ledger.RegisterAsync("equal", device with { Processor = "another", Torch = "3", Gpu = "a GPU" });
        var plan = Plans.Of("study", "a");
        var id = (await _ledger.SubmitAsync(plan with
        {
            Jobs = [plan.Jobs[0] with { Resources = plan.Jobs[0].Resources with { SameKind = true } }],
        })).ExperimentId;

        // Nothing holds it yet: it got nowhere on the lesser one.
        var nowhere = await StartAsync(id, "a", "lesser");
        Assert.True(await _ledger.Attempts.EndAsync(nowhere.Token, AttemptOutcome.Failed, FailureClass.Infrastructure, "died", Cancel));
        await _ledger.Graph.SettleAsync(id, Policy, Cancel);
        await _ledger.PassAsync(TimeSpan.FromHours(1));
        Assert.Null(Assert.Single(await _ledger.Dispatch.CandidatesAsync(10, false, Cancel)).HeldTo);

        var begun = await StartAsync(id, "a", "first");
        Assert.True(begun.Resources.SameKind);
        if (!isDrained)
            _ledger.Attempts.Beat("first", begun.Token, Lease, new ReportedProgress(1, 4, "epochs", new Dictionary<string, double>()));
        var (outcome, failure) = isDrained
            ? (AttemptOutcome.Drained, (FailureClass?)null)
            : (AttemptOutcome.Failed, FailureClass.Infrastructure);
        Assert.True(await _ledger.Attempts.EndAsync(begun.Token, outcome, failure, "left", Cancel));
        await _ledger.Graph.SettleAsync(id, Policy, Cancel);
        await _ledger.PassAsync(TimeSpan.FromHours(1));
        foreach (var worker in (string[])["first", "lesser", "equal"]) _ledger.Attempts.Beat(worker, null, Lease, null);

        var candidate = Assert.Single(await _ledger.Dispatch.CandidatesAsync(10, false, Cancel));
        Assert.Equal(device.Kind, candidate.HeldTo);
        var situation = await _ledger.Dispatch.SituationAsync(TimeSpan.FromMinutes(1), Cancel);
        Assert.Equal(["equal", "first"],
            situation.Workers.Where(room => candidate.Needs.FitsOn(room.Offer)).Select(room => room.Id).Order(StringComparer.Ordinal));

        var placed = Placement.Decide([candidate], situation, minDepth: 2);
        Assert.Equal("equal", Assert.Single(placed).WorkerId);
        Assert.Single(await _ledger.Dispatch.TakeAsync(placed, Cancel));
        var job = (await _ledger.JobsAsync(id))[0].Id;
        Assert.Null(await _ledger.Attempts.ClaimAsync(job, "lesser", Lease, Cancel));
        Assert.NotNull(await _ledger.Attempts.ClaimAsync(job, "equal", Lease, Cancel));
    }

    /// <summary>A worker that joined after the job was handed to all, and is too small for it.</summary>
    [Fact]
    public async Task Who_does_not_fit_a_job_cannot_claim_it()
    {
        await _ledger.RegisterAsync("small", memoryBytes: 1);
        await _ledger.RegisterAsync("large", memoryBytes: 2);
        var plan = Plans.Of("study", "a");
        var id = (await _ledger.SubmitAsync(plan with
        {
            Jobs = [plan.Jobs[0] with { Resources = plan.Jobs[0].Resources with { MemoryBytes = 2 } }],
        })).ExperimentId;
        await _ledger.Dispatch.TakeAsync(JobQueues.Cpu, 100, Cancel);
        var job = (await _ledger.JobsAsync(id))[0];

        Assert.Equal(JobState.Queued, job.State);
        Assert.Null(await _ledger.Attempts.ClaimAsync(job.Id, "small", Lease, Cancel));
        Assert.NotNull(await _ledger.Attempts.ClaimAsync(job.Id, "large", Lease, Cancel));
    }

    [Fact]
    public async Task A_lease_that_is_renewed_holds_and_one_that_is_not_runs_out()
    {
        var id = await SubmitAsync("a");
        var ticket = await StartAsync(id, "a");
        await _ledger.PassAsync(Lease * 0.9);
        Assert.True(_ledger.Attempts.Beat("w1", ticket.Token, Lease, null).Held);
        await _ledger.PassAsync(Lease * 0.9);
        Assert.Empty(await _ledger.Rescue.RescueAsync(Cancel));
        await _ledger.PassAsync(Lease * 0.2);
        Assert.Equal(ticket.Token, Assert.Single(await _ledger.Rescue.RescueAsync(Cancel)).Token);
        Assert.False(_ledger.Attempts.Beat("w1", ticket.Token, Lease, null).Held);
    }

    [Fact]
    public async Task Who_was_given_up_cannot_publish_and_cannot_end()
    {
        var id = await SubmitAsync("a");
        var late = await LoseAsync(id, "a");
        Assert.False(await _ledger.Attempts.CommitAsync(late, _ledger.Make(late), Cancel));
        Assert.False(await _ledger.Attempts.EndAsync(late.Token, AttemptOutcome.Drained, null, null, Cancel));
        await SettleAsync(id);
        await _ledger.PassAsync(TimeSpan.FromSeconds(10));
        var next = await StartAsync(id, "a", "w2");
        Assert.False(await _ledger.Attempts.CommitAsync(late, _ledger.Make(late), Cancel));
        Assert.True(await _ledger.Attempts.CommitAsync(next, _ledger.Make(next), Cancel));
        Assert.False(await _ledger.Attempts.CommitAsync(late, _ledger.Make(late), Cancel));
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_may_be_repeated()
    {
        var id = await SubmitAsync("a");
        var ticket = await StartAsync(id, "a");
        var made = _ledger.Make(ticket);
        Assert.True(await _ledger.Attempts.CommitAsync(ticket, made, Cancel));
        Assert.True(await _ledger.Attempts.CommitAsync(ticket, made, Cancel));
        await SettleAsync(id);
        Assert.True(await _ledger.Attempts.CommitAsync(ticket, made, Cancel));
        Assert.Equal(ExperimentState.Succeeded, await _ledger.StateAsync(id));
    }

    [Fact]
    public async Task Conclusions_are_drawn_once()
    {
        var id = await SubmitAsync("a", "b: a");
        var ticket = await StartAsync(id, "a");
        await _ledger.Attempts.CommitAsync(ticket, _ledger.Make(ticket), Cancel);
        Assert.Equal([id], await _ledger.Graph.UnsettledAsync(Cancel));
        Assert.NotEmpty(await _ledger.Graph.SettleAsync(id, Policy, Cancel));
        Assert.Empty(await _ledger.Graph.UnsettledAsync(Cancel));
        Assert.Empty(await _ledger.Graph.SettleAsync(id, Policy, Cancel));
    }

    [Fact]
    public async Task A_worker_that_vanishes_costs_the_user_nothing_until_the_job_is_poison()
    {
        var id = await SubmitAsync("a", "b: a");
        for (var death = 1; death < Policy.PoisonAfter; death++)
        {
            await LoseAsync(id, "a");
            await SettleAsync(id);
            Assert.Equal([JobState.Ready, JobState.Waiting], await StatesAsync(id));
            await _ledger.PassAsync(Policy.LongestDelay);
            await _ledger.RegisterAsync("w1");
        }

        await LoseAsync(id, "a");
        await SettleAsync(id);
        Assert.Equal([JobState.Failed, JobState.Skipped], await StatesAsync(id));
    }

    [Fact]
    public async Task A_worker_that_speaks_before_its_loss_is_concluded_from_did_not_die()
    {
        var id = await SubmitAsync("a");
        var silent = await LoseAsync(id, "a");
        Assert.False(
            await _ledger.Attempts.EndAsync(silent.Token, AttemptOutcome.Failed, FailureClass.Infrastructure, "the database was away",
                Cancel));
        await _ledger.Graph.SettleAsync(id, Policy with { PoisonAfter = 1 }, Cancel);
        Assert.Equal([JobState.Ready], await StatesAsync(id));
    }

    [Fact]
    public async Task A_users_failure_ends_the_job_and_what_reads_from_it_until_it_is_retried()
    {
        var id = await SubmitAsync("a", "b: a", "c");
        var ticket = await StartAsync(id, "a");
        await _ledger.Attempts.EndAsync(ticket.Token, AttemptOutcome.Failed, FailureClass.User, "wrong", Cancel);
        await SettleAsync(id);
        await RunAsync(id, "c");
        Assert.Equal([JobState.Failed, JobState.Skipped, JobState.Succeeded], await StatesAsync(id));
        Assert.Equal(ExperimentState.Failed, await _ledger.StateAsync(id));
        Assert.Equal(2, (await _ledger.RetryAsync(id, [ticket.JobId])).Count);
        Assert.Equal([JobState.Ready, JobState.Waiting, JobState.Succeeded], await StatesAsync(id));
        Assert.Equal(ExperimentState.Running, await _ledger.StateAsync(id));
    }

    [Fact]
    public async Task A_job_that_is_tried_again_waits_out_its_delay()
    {
        var id = await SubmitAsync("a");
        var ticket = await StartAsync(id, "a");
        await _ledger.Attempts.EndAsync(ticket.Token, AttemptOutcome.Failed, FailureClass.Resource, "full", Cancel);
        await _ledger.Graph.SettleAsync(id, Policy with { FirstDelay = TimeSpan.FromSeconds(60) }, Cancel);
        Assert.Empty(await _ledger.Dispatch.TakeAsync(JobQueues.Cpu, 10, Cancel));
        await _ledger.PassAsync(TimeSpan.FromSeconds(61));
        Assert.Single(await _ledger.Dispatch.TakeAsync(JobQueues.Cpu, 10, Cancel));
    }

    [Fact]
    public async Task A_delivery_that_is_lost_or_comes_to_nothing_is_noticed_and_one_that_waits_is_not()
    {
        var patience = TimeSpan.FromMinutes(15);
        var id = await SubmitAsync("waits", "lost", "fetched", "never");
        var jobs = await _ledger.Dispatch.TakeAsync(JobQueues.Cpu, 10, Cancel);
        var deliveries = await _ledger.Deliveries.EnqueueAsync([.. jobs.Take(3).Select(job => (job, JobQueues.Cpu))], Hints.None, Cancel);
        await _ledger.RemoveAsync(deliveries[1]);
        await _ledger.FetchAsync(deliveries[2]);
        Assert.Empty(await _ledger.Dispatch.UndeliveredAsync(patience, Cancel));
        await _ledger.PassAsync(patience * 1.1);

        var undelivered = await _ledger.Dispatch.UndeliveredAsync(patience, Cancel);
        Assert.Equal(jobs.Skip(1), undelivered.Select(job => job.JobId).Order());
        await _ledger.Graph.ConcludeAsync(id,
            [.. undelivered.Select(job => (job.JobId, (Func<int, GraphEvent>)(place => new GraphEvent.Undelivered(place))))], Cancel);
        Assert.Equal([JobState.Queued, JobState.Ready, JobState.Ready, JobState.Ready], await StatesAsync(id));
    }

    [Fact]
    public async Task Nothing_of_a_paused_experiment_is_taken_or_claimed_and_what_was_queued_comes_back()
    {
        var id = await SubmitAsync("a", "b");
        var taken = await _ledger.Dispatch.TakeAsync(JobQueues.Cpu, 1, Cancel);
        Assert.True(await _ledger.PauseAsync(id, drain: true));
        Assert.Equal([JobState.Ready, JobState.Ready], await StatesAsync(id));
        Assert.Null(await _ledger.Attempts.ClaimAsync(taken[0], "w1", Lease, Cancel));
        Assert.Empty(await _ledger.Dispatch.TakeAsync(JobQueues.Cpu, 10, Cancel));
        Assert.True(await _ledger.ResumeAsync(id));
        Assert.Equal(2, (await _ledger.Dispatch.TakeAsync(JobQueues.Cpu, 10, Cancel)).Count);
    }

    [Fact]
    public async Task A_cancelled_job_is_stopped_by_its_heartbeat_and_takes_what_reads_from_it_along()
    {
        var id = await SubmitAsync("a", "b: a", "c");
        var ticket = await StartAsync(id, "a");
        Assert.Equal([ticket.JobId], await _ledger.CancelJobsAsync(id, [ticket.JobId]));
        Assert.True(_ledger.Attempts.Beat("w1", ticket.Token, Lease, null).Stop);
        await _ledger.Attempts.EndAsync(ticket.Token, AttemptOutcome.Cancelled, null, null, Cancel);
        await SettleAsync(id);
        Assert.Equal([JobState.Cancelled, JobState.Cancelled, JobState.Queued], await StatesAsync(id));
    }

    [Fact]
    public async Task A_result_that_another_experiment_made_meanwhile_is_found()
    {
        var one = await SubmitAsync("a", "b: a");
        var other = (await _ledger.SubmitAsync(Plans.Of("other", "a", "b: a"))).ExperimentId;
        await RunAsync(one, "a");
        var late = Assert.Single(await _ledger.Dispatch.LateResultsAsync(10, Cancel));
        Assert.Equal(other, late.ExperimentId);
        await _ledger.Graph.ConcludeAsync(other, [(late.JobId, place => new GraphEvent.Published(place, late.By))], Cancel);
        Assert.Equal([JobState.Reused, JobState.Ready], await StatesAsync(other));
    }

    [Fact]
    public async Task A_submission_is_repeated_without_effect_and_another_plan_of_the_name_is_refused()
    {
        var id = await SubmitAsync("a");
        Assert.True((await _ledger.SubmitAsync(Plans.Of("e", "a"))) is { Attached: true } again && again.ExperimentId == id);
        await Assert.ThrowsAsync<OtherPlanException>(() => _ledger.SubmitAsync(Plans.Of("e", "a", "b")));
        await RunAsync(id, "a");
        var second = await _ledger.SubmitAsync(Plans.Of("e", "a", "b"));
        Assert.Equal((2, false), (second.Version, second.Attached));
        Assert.Equal([JobState.Reused, JobState.Ready], await StatesAsync(second.ExperimentId));
    }

    [Fact]
    public async Task Jobs_are_taken_by_priority_and_then_by_age()
    {
        var early = await SubmitAsync("a", "b");
        var urgent = (await _ledger.SubmitAsync(Plans.Of("urgent", "c"), priority: 5)).ExperimentId;
        var expected = (await _ledger.JobsAsync(urgent)).Concat(await _ledger.JobsAsync(early)).Select(job => job.Id);
        Assert.Equal(expected, await _ledger.Dispatch.TakeAsync(JobQueues.Cpu, 10, Cancel));
    }

    [Fact]
    public async Task A_draining_or_dead_worker_gets_nothing_and_what_it_held_is_free_at_once()
    {
        var id = await SubmitAsync("a", "b");
        var ticket = await StartAsync(id, "a");
        Assert.True(await _ledger.AskToDrainAsync("w1"));
        Assert.True(_ledger.Attempts.Beat("w1", ticket.Token, Lease, null).Drain);
        Assert.Null(await _ledger.Attempts.ClaimAsync((await _ledger.JobsAsync(id))[1].Id, "w1", Lease, Cancel));
        Assert.Equal(1, await _ledger.ReportDeadAsync("w1"));
        Assert.False(await _ledger.Attempts.CommitAsync(ticket, _ledger.Make(ticket), Cancel));
        Assert.False(_ledger.Attempts.Beat("w1", ticket.Token, Lease, null).Known);
    }

    [Fact]
    public async Task A_done_job_is_made_anew_when_asked_and_nothing_published_stands_in_for_it()
    {
        var id = await SubmitAsync("a");
        await RunAsync(id, "a");
        var job = (await _ledger.JobsAsync(id))[0].Id;
        Assert.Equal([job], await _ledger.RerunAsync(id, [job]));
        Assert.Empty(await _ledger.Dispatch.LateResultsAsync(10, Cancel));
        await RunAsync(id, "a");
        Assert.Equal((JobState.Succeeded, 2, false), (await _ledger.JobsAsync(id))[0] is var after
            ? (after.State, after.Attempts, after.Anew) : default);
    }

    private Task<bool> DamageAsync(JobTicket ticket) =>
        _ledger.Attempts.DamagedAsync(ticket, [.. ticket.Inputs.Select(input => new DamagedInput(input.Token, "damaged"))], "damaged",
            Cancel);

    private async Task<long> SubmitAsync(params string[] lines) => (await _ledger.SubmitAsync(Plans.Of("e", lines))).ExperimentId;

    private async Task<IEnumerable<JobState>> StatesAsync(long experiment) =>
        (await _ledger.JobsAsync(experiment)).Select(job => job.State);

    private async Task<JobTicket> StartAsync(long experiment, string name, string worker = "w1")
    {
        await _ledger.Dispatch.TakeAsync(JobQueues.Cpu, 100, Cancel);
        var job = (await _ledger.JobsAsync(experiment)).Single(one => one.Name == name);
        Assert.Equal(JobState.Queued, job.State);
        return await _ledger.Attempts.ClaimAsync(job.Id, worker, Lease, Cancel)
            ?? throw new InvalidOperationException($"no claim on {name}");
    }

    private async Task<JobTicket> LoseAsync(long experiment, string name)
    {
        var ticket = await StartAsync(experiment, name);
        await _ledger.PassAsync(Lease * 1.1);
        Assert.Single(await _ledger.Rescue.RescueAsync(Cancel));
        return ticket;
    }

    private async Task RunAsync(long experiment, string name)
    {
        var ticket = await StartAsync(experiment, name);
        Assert.True(await _ledger.Attempts.CommitAsync(ticket, _ledger.Make(ticket), Cancel));
        await SettleAsync(experiment);
    }

    private Task SettleAsync(long experiment) => _ledger.Graph.SettleAsync(experiment, Policy, Cancel);
}
