using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Submissions;
using Amnre.Jobs.Transitions;
using Amnre.Jobs.Transport;
using Amnre.Jobs.Workers;
using Amnre.Simulation.Tests.Memory;
using Amnre.Testing;

namespace Amnre.Simulation.Tests.Conformance;

/// <summary>The simulator's store, without its network.</summary>
internal sealed class MemorySubject : ILedgerSubject, IAttemptLedger, IGraphLedger, IDispatchLedger, IRescueLedger, IDeliveries
{
    private readonly MemoryLedger _ledger;
    private TimeSpan _now = TimeSpan.FromDays(1);

    public MemorySubject(Mutation mutation = Mutation.None) =>
        _ledger = new MemoryLedger(() => _now += TimeSpan.FromMilliseconds(1), mutation, _ => { });

    public IAttemptLedger Attempts => this;

    public IGraphLedger Graph => this;

    public IDispatchLedger Dispatch => this;

    public IRescueLedger Rescue => this;

    public IDeliveries Deliveries => this;

    public Task<Submitted> SubmitAsync(ExperimentPlan plan, int priority = 0) => Do(() =>
    {
        var (attached, decisions) = _ledger.Consider(plan);
        return attached ?? _ledger.Submit(plan, decisions, priority);
    });

    public Task RegisterAsync(string worker, DeviceFacts? device = null, long? memoryBytes = null) =>
        Do(() => _ledger.Register(new WorkerEntry(worker, "host", 1, 1, [JobQueues.Cpu], null)
        {
            Device = device,
            MemoryBytes = memoryBytes,
        }));

    public Task<bool> AskToDrainAsync(string worker) => Do(() => _ledger.AskToDrain(worker));

    public Task<int> ReportDeadAsync(string worker) => Do(() => _ledger.ReportDead(worker, "dead"));

    public Task<bool> CancelAsync(long experiment) => Do(() =>
    {
        if (!_ledger.AskToCancel(experiment)) return false;
        Conclude(experiment, new GraphEvent.CancelAsked());
        return true;
    });

    public Task<IReadOnlyList<long>> CancelJobsAsync(long experiment, IReadOnlyList<long> jobs) => Do(() =>
    {
        var asked = _ledger.AskToCancelJobs(experiment, jobs);
        Conclude(experiment, asked, place => new GraphEvent.JobCancelAsked(place));
        return asked;
    });

    public Task<bool> PauseAsync(long experiment, bool drain) => Do(() =>
    {
        if (!_ledger.Pause(experiment, drain)) return false;
        Conclude(experiment, new GraphEvent.PauseAsked());
        return true;
    });

    public Task<bool> ResumeAsync(long experiment) => Do(() => _ledger.Resume(experiment));

    public Task<IReadOnlyList<long>> RetryAsync(long experiment, IReadOnlyList<long> jobs) =>
        Do(() => Conclude(experiment, jobs, place => new GraphEvent.RetryAsked(place)));

    public Task<IReadOnlyList<long>> RerunAsync(long experiment, IReadOnlyList<long> jobs) =>
        Do(() => Conclude(experiment, _ledger.RerunScopeOf(experiment, jobs), place => new GraphEvent.RerunAsked(place)));

    public Task FetchAsync(long delivery) => Do(() => _ledger.Deliveries.Find(row => row.Id == delivery)?.FetchedAt = _now);

    public Task RemoveAsync(long delivery) => Do(() => _ledger.Remove(delivery));

    public Task PassAsync(TimeSpan time) => Do(() => _now += time);

    public Task<IReadOnlyList<SeenJob>> JobsAsync(long experiment) =>
        Do(() => (IReadOnlyList<SeenJob>)[.. _ledger.Experiment(experiment).Jobs
        .Select(job => new SeenJob(job.Id, job.Spec.Name, job.State, job.Unmet, job.Attempts.Count, job.Anew, job.CancelAsked))]);

    public Task<ExperimentState> StateAsync(long experiment) => Do(() => _ledger.Experiment(experiment).State);

    public IReadOnlyList<ArtifactRecord> Make(JobTicket ticket) =>
        [new("out.txt", $"{ticket.OutputDirectory}/out.txt", 64, ticket.Fingerprint.Text, Measured: false)
        {
            Decided = PlayedDecision.Of(ticket.Kind, ticket.Settings, ticket.Fingerprint),
        }];

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    Task<JobTicket?> IAttemptLedger.ClaimAsync(long jobId, string workerId, TimeSpan lease, CancellationToken cancel) =>
        Do(() => _ledger.Claim(jobId, workerId, lease));

    Heartbeat IAttemptLedger.Beat(string workerId, long? token, TimeSpan lease, ReportedProgress? progress, bool leaving,
        TimeSpan? longestSave) =>
        _ledger.Beat(workerId, token, lease, leaving, progress);

    Task<bool> IAttemptLedger.CommitAsync(JobTicket ticket, IReadOnlyList<ArtifactRecord> made, CancellationToken cancel) =>
        Do(() => _ledger.Commit(ticket.Token, made));

    Task<bool> IAttemptLedger.DamagedAsync(JobTicket ticket, IReadOnlyList<DamagedInput> found, string message, CancellationToken cancel) =>
        Do(() => _ledger.Damaged(ticket.Token, found, message));

    Task<bool> IAttemptLedger.EndAsync(long token, AttemptOutcome outcome, FailureClass? failure, string? message,
        CancellationToken cancel) =>
        Do(() => _ledger.End(token, outcome, failure, message));

    Task<IReadOnlyList<long>> IGraphLedger.UnsettledAsync(CancellationToken cancel) => Do(_ledger.Unsettled);

    Task<IReadOnlyList<long>> IGraphLedger.SettleAsync(long experimentId, RetryPolicy policy, CancellationToken cancel) =>
        Do(() => _ledger.ReadToSettle(experimentId, policy) is { } read ? _ledger.Write(read) : []);

    Task<IReadOnlyList<long>> IGraphLedger.ConcludeAsync(
        long experimentId, IReadOnlyList<(long JobId, Func<int, GraphEvent> Event)> happened, CancellationToken cancel) =>
        Do(() => Conclude(experimentId, happened));

    Task<IReadOnlyList<long>> IGraphLedger.ConcludeAsync(long experimentId, GraphEvent happened, CancellationToken cancel) =>
        Do(() => Conclude(experimentId, happened));

    Task<PlacementSituation> IDispatchLedger.SituationAsync(TimeSpan heartbeatTimeout, CancellationToken cancel) =>
        Do(() => _ledger.Situation(heartbeatTimeout));

    Task<IReadOnlyList<PlaceableJob>> IDispatchLedger.CandidatesAsync(int most, bool timed, CancellationToken cancel) =>
        Do(() => _ledger.Candidates(most));

    Task<IReadOnlyList<Placed>> IDispatchLedger.TakeAsync(IReadOnlyList<Placed> placed, CancellationToken cancel) =>
        Do(() => _ledger.Take(placed));

    Task<IReadOnlyList<(long JobId, long ExperimentId)>> IDispatchLedger.UndeliveredAsync(TimeSpan patience, CancellationToken cancel) =>
        Do(() => _ledger.Undelivered(patience));

    Task IDispatchLedger.SweepDeliveriesAsync(TimeSpan patience, CancellationToken cancel) => Do(() => _ledger.SweepDeliveries(patience));

    Task<IReadOnlyList<LateResult>> IDispatchLedger.LateResultsAsync(int most, CancellationToken cancel) =>
        Do(() => _ledger.LateResults([JobQueues.Gpu, JobQueues.Cpu], most));

    Task<IReadOnlyList<LostAttempt>> IRescueLedger.RescueAsync(CancellationToken cancel) => Do(_ledger.Rescue);

    Task<int> IRescueLedger.RetireSilentWorkersAsync(TimeSpan heartbeatTimeout, CancellationToken cancel) =>
        Do(() => _ledger.RetireSilentWorkers(heartbeatTimeout));

    Task<IReadOnlyList<long>> IDeliveries.EnqueueAsync(IReadOnlyList<(long JobId, string Queue)> deliveries, Hints hints,
        CancellationToken cancel) => Do(() => _ledger.HandOver(deliveries));

    private IReadOnlyList<long> Conclude(long experiment, GraphEvent happened) =>
        _ledger.Write(_ledger.ReadToConclude(experiment, _ => [happened]));

    private IReadOnlyList<long> Conclude(long experiment, IReadOnlyList<long> jobs, Func<int, GraphEvent> happened) =>
        Conclude(experiment, [.. jobs.Select(job => (job, happened))]);

    private IReadOnlyList<long> Conclude(long experiment, IReadOnlyList<(long JobId, Func<int, GraphEvent> Event)> happened) =>
        _ledger.Write(_ledger.ReadToConclude(experiment, happened));

    /// <summary>Faults travel in the task, as they do from a real database.</summary>
    private static Task<T> Do<T>(Func<T> happen)
    {
        try
        {
            return Task.FromResult(happen());
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }
    }

    private static Task Do(Action happen) => Do(() =>
    {
        happen();
        return true;
    });
}
