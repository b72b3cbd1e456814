using System.Runtime.CompilerServices;
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
using Npgsql;

namespace Amnre.Simulation.Tests.Worlds;

/// <summary>The ledger as one process reaches it.</summary>
internal sealed class SimulatedConnection(SimulatedDatabase database, SimulatedProcess process)
    : IAttemptLedger, IGraphLedger, IDispatchLedger, IRescueLedger, IDeliveries
{
    private const string Poll = "";

    private MemoryLedger Ledger => database.Ledger;

    public Task<JobTicket?> ClaimAsync(long jobId, string workerId, TimeSpan lease, CancellationToken cancel) =>
        Call($"claims {jobId}", () => Ledger.Claim(jobId, workerId, lease));

    public Task<bool> CommitAsync(JobTicket ticket, IReadOnlyList<ArtifactRecord> made, CancellationToken cancel) =>
        Call($"commit {ticket.Token}", () => Told(Ledger.Commit(ticket.Token, made)));

    public Task<bool> DamagedAsync(JobTicket ticket, IReadOnlyList<DamagedInput> found, string message, CancellationToken cancel) =>
        Call($"damage {ticket.Token}: {message}", () => Told(Ledger.Damaged(ticket.Token, found, message)));

    public Task<bool> EndAsync(long token, AttemptOutcome outcome, FailureClass? failure, string? message, CancellationToken cancel) =>
        Call($"end {token} {outcome} {failure}", () => Told(Ledger.End(token, outcome, failure, message)));

    /// <summary>At the database, at once; who calls it plays the network.</summary>
    public Heartbeat Beat(string workerId, long? token, TimeSpan lease, ReportedProgress? progress, bool leaving = false,
        TimeSpan? longestSave = null)
    {
        database.Count(nameof(Beat));
        ThrowIfOutOfReach();
        return Ledger.Beat(workerId, token, lease, leaving, progress);
    }

    public Task<IReadOnlyList<long>> UnsettledAsync(CancellationToken cancel) => Call(Poll, Ledger.Unsettled);

    public Task<IReadOnlyList<long>> SettleAsync(long experimentId, RetryPolicy policy, CancellationToken cancel) =>
        database.TransactAsync(process, $"settle {experimentId}", experimentId,
        () => Ledger.ReadToSettle(experimentId, policy), read => read is null ? [] : Ledger.Write(read));

    public Task<IReadOnlyList<long>> ConcludeAsync(
        long experimentId, IReadOnlyList<(long JobId, Func<int, GraphEvent> Event)> happened, CancellationToken cancel) =>
        database.TransactAsync(process, $"conclude {experimentId}", experimentId, () => Ledger.ReadToConclude(experimentId, happened),
            read => Ledger.Write(read!));

    public Task<IReadOnlyList<long>> ConcludeAsync(long experimentId, GraphEvent happened, CancellationToken cancel) =>
        ConcludeAsync(experimentId, _ => [happened]);

    public Task<PlacementSituation> SituationAsync(TimeSpan heartbeatTimeout, CancellationToken cancel) =>
        Call(Poll, () => Ledger.Situation(heartbeatTimeout));

    public Task<IReadOnlyList<PlaceableJob>> CandidatesAsync(int most, bool timed, CancellationToken cancel) =>
        Call(Poll, () => Ledger.Candidates(most));

    public Task<IReadOnlyList<Placed>> TakeAsync(IReadOnlyList<Placed> placed, CancellationToken cancel) =>
        Call(Poll, () => Ledger.Take(placed));

    public Task<IReadOnlyList<(long JobId, long ExperimentId)>> UndeliveredAsync(TimeSpan patience, CancellationToken cancel) =>
        Call(Poll, () => Ledger.Undelivered(patience));

    public Task SweepDeliveriesAsync(TimeSpan patience, CancellationToken cancel) => Call(Poll, () =>
    {
        Ledger.SweepDeliveries(patience);
        return true;
    });

    /// <summary>Without files: whether those of the store are whole is asked of the real store only.</summary>
    public Task<IReadOnlyList<LateResult>> LateResultsAsync(int most, CancellationToken cancel) => Call(Poll,
        () => (IReadOnlyList<LateResult>)[.. Ledger.LateResults([JobQueues.Gpu, JobQueues.Cpu], most)
            .Select(late => late with { Files = [] })]);

    public Task<IReadOnlyList<LostAttempt>> RescueAsync(CancellationToken cancel) => Call(Poll, Ledger.Rescue);

    public Task<int> RetireSilentWorkersAsync(TimeSpan heartbeatTimeout, CancellationToken cancel) =>
        Call(Poll, () => Ledger.RetireSilentWorkers(heartbeatTimeout));

    public Task<IReadOnlyList<long>> EnqueueAsync(IReadOnlyList<(long JobId, string Queue)> deliveries, Hints hints,
        CancellationToken cancel) =>
        Call($"hand over {string.Join(' ', deliveries.Select(one => one.JobId))}", () =>
        {
            var numbers = Ledger.HandOver(deliveries);
            database.Hints.Notify(hints);
            return numbers;
        });

    public Task<DeliveryRow?> FetchAsync(IReadOnlyList<string> queues) => Call(Poll, () => Ledger.Fetch(queues));

    public Task RemoveAsync(long delivery) => Call($"remove {delivery}", () =>
    {
        Ledger.Remove(delivery);
        return true;
    });

    public Task RegisterAsync(WorkerEntry worker) => Call($"register {worker.Id}", () =>
    {
        Ledger.Register(worker);
        return Told(true);
    });

    public Task LeaveAsync(string worker) => Call($"{worker} leaves", () =>
    {
        Ledger.Leave(worker);
        return true;
    });

    public Task<int> ReportDeadAsync(string worker) => Call($"{worker} is dead", () => Ledger.ReportDead(worker, "its process has ended"));

    /// <returns>Ends when the session breaks.</returns>
    public async Task ListenAsync(IEnumerable<string> channels, Action hinted)
    {
        var broken = await Call(Poll, () => database.Hints.Listen(process, channels, hinted));
        hinted(); // For what came before.
        await broken;
        throw new NpgsqlException("the session for hints has ended");
    }

    public Task<bool> TryLeadAsync() => Call(Poll, () => database.TryLead(process));

    public async Task<Submitted> SubmitAsync(ExperimentPlan plan, int priority, Func<bool> torn)
    {
        var (attached, decisions) = await Call($"consider {plan.Name}", () => Ledger.Consider(plan));
        return attached ?? await Call($"submit {plan.Name}", () => Ledger.Submit(plan, decisions, priority, torn()));
    }

    public Task<bool> AskToCancelAsync(long experiment) => Call($"cancel {experiment}", () => Ledger.AskToCancel(experiment));

    public Task<IReadOnlyList<long>> AskToCancelJobsAsync(long experiment, IReadOnlyList<long> jobs) =>
        Call($"cancel jobs {string.Join(' ', jobs)}", () => Ledger.AskToCancelJobs(experiment, jobs));

    public Task<bool> PauseAsync(long experiment, bool drain) => Call($"pause {experiment}", () => Ledger.Pause(experiment, drain));

    public Task<bool> ResumeAsync(long experiment) => Call($"resume {experiment}", () => Ledger.Resume(experiment));

    public void ThrowIfOutOfReach()
    {
        if (process.IsCutOff || !database.IsUp) throw new NpgsqlException("out of reach");
    }

    private Task<IReadOnlyList<long>> ConcludeAsync(long experimentId, Func<Func<long, int>, IReadOnlyList<GraphEvent>> happened) =>
        database.TransactAsync(process, $"conclude {experimentId}", experimentId, () => Ledger.ReadToConclude(experimentId, happened),
            read => Ledger.Write(read!));

    /// <summary>The scheduler is told, as the real statements do.</summary>
    private T Told<T>(T answer)
    {
        database.Hints.Notify(LedgerDatabase.Channel);
        return answer;
    }

    private Task<T> Call<T>(string what, Func<T> happen, [CallerMemberName] string method = "") =>
        database.CallAsync(process, what, happen, method);
}
