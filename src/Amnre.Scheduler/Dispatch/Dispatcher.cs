using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Transitions;
using Amnre.Jobs.Transport;
using Microsoft.Extensions.Logging;

namespace Amnre.Scheduler.Dispatch;

/// <summary>Hands ready jobs to the transport, by our priority, and no more of them than workers can take soon:
/// what waits in the transport can no longer be overtaken.</summary>
internal sealed class Dispatcher(
    IDispatchLedger ledger, IGraphLedger graph, IDeliveries transport, ArtifactStore store, SchedulerOptions options,
    ILogger<Dispatcher> logger,
    SchedulerCounts? counts = null)
{
    /// <summary>Jobs beyond those that can be taken now whose results may have been made meanwhile.</summary>
    private const int Ahead = 64;

    private readonly DispatchPace _pace = new(options.Clock);
    private int _round;

    /// <returns>Whether any experiment is under way.</returns>
    public async Task<bool> DispatchAsync(CancellationToken stop)
    {
        var situation = await ledger.SituationAsync(options.HeartbeatTimeout, stop);
        situation = situation with { Soon = _pace.Look(situation) };
        if (situation.Experiments.Count == 0) return false;
        var room = JobQueues.All.Max(queue => situation.Room(queue, options.MinDepth));
        // A worker of its own kind may be idle although its queue is full of what does not fit it.
        if (room == 0 && situation.Workers.All(worker => worker.Busy)) return true;

        await ReuseLateResultsAsync(room + Ahead, stop);
        var candidates = await ledger.CandidatesAsync(room + Ahead, situation.Workers.Any(worker => worker.TimeLeft is not null), stop);
        var traces = await DispatchTraces.BeginAsync(ledger, Placement.Decide(candidates, situation, options.MinDepth), stop);
        var placed = await ledger.TakeAsync(traces.Placed, stop);
        var hints = Wakeups.Decide(placed, situation, _round++);
        if (placed.Count == 0 && hints is { Queues.Count: 0, Workers.Count: 0 }) return true;

        // A crash between these two steps leaves queued jobs without a delivery, which are handed out again later.
        await transport.EnqueueAsync(
            [.. placed.Select(one => (one.Job.Id, one.WorkerId is { } worker ? JobQueues.Of(worker) : one.Job.Queue))], hints, stop);
        _pace.Placed(placed.Where(one => one.WorkerId is null).Select(one => one.Job.Queue));
        counts?.Dispatched(placed.Count);
        foreach (var (job, worker) in placed)
        {
            traces.End(job.Id);
            logger.LogDebug("Job {JobId} goes to {Place}", job.Id, worker ?? job.Queue);
        }
        return true;
    }

    private async Task ReuseLateResultsAsync(int most, CancellationToken stop)
    {
        foreach (var late in await ledger.LateResultsAsync(most, stop))
        {
            if (await store.ErrorOfAsync(late.Files, digest: false, stop) is null)
            {
                await graph.ConcludeAsync(late.ExperimentId, [(late.JobId, job => new GraphEvent.Published(job, late.By))], stop);
            }
        }
    }
}
