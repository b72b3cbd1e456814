using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Transport;
using Amnre.Scheduler.Hosting;
using Microsoft.Extensions.Logging;

namespace Amnre.Scheduler.Dispatch;

/// <summary>Hands ready jobs to the transport, by our priority, and no more of them than workers can take soon:
/// what waits in the transport can no longer be overtaken.</summary>
internal sealed class Dispatcher(
    IDispatchLedger ledger, IGraphLedger graph, IDeliveries transport, ArtifactStore store, SchedulerOptions options, ILogger<Dispatcher> logger,
    SchedulerCounts? counts = null)
{
    /// <summary>Jobs beyond those that can be taken now whose results may have been made meanwhile.</summary>
    private const int Ahead = 64;

    public async Task DispatchAsync(CancellationToken stop)
    {
        var situation = await ledger.SituationAsync(options.WorkerSilence, stop);
        var room = JobQueues.All.Max(queue => situation.Room(queue, options.LeastDepth));
        // A worker of its own kind may be idle although its queue is full of what does not fit it.
        if (situation.Experiments.Count == 0 || (room == 0 && situation.Workers.All(worker => worker.Busy))) return;

        await ReuseLateResultsAsync(room + Ahead, stop);
        var candidates = await ledger.CandidatesAsync(room + Ahead, situation.Workers.Any(worker => worker.TimeLeft is not null), stop);
        var deliveries = new List<(long, long)>();
        var placed = Placement.Decide(candidates, situation, options.LeastDepth);
        var traces = await DispatchTraces.BeginAsync(ledger, placed, stop);
        foreach (var (job, worker) in await ledger.TakeAsync(traces.Placed, stop))
        {
            // A crash between any two of these steps leaves queued jobs without a known delivery, which are handed out again later.
            deliveries.Add((job.Id, transport.Enqueue(job.Id, worker is null ? job.Queue : JobQueues.Of(worker))));
            traces.End(job.Id);
            counts?.Dispatched();
            logger.LogDebug("Job {JobId} goes to {Place}", job.Id, worker ?? job.Queue);
        }

        await ledger.DeliveredAsync(deliveries, stop);
    }

    private async Task ReuseLateResultsAsync(int most, CancellationToken stop)
    {
        foreach (var late in await ledger.LateResultsAsync(most, stop))
        {
            var fault = (string?)null;
            foreach (var file in late.Files)
            {
                fault ??= await store.FaultOfAsync(file, digest: false, stop);
            }

            if (fault is null)
            {
                await graph.ConcludeAsync(late.ExperimentId, [(late.JobId, job => new GraphEvent.Published(job, late.By))], stop);
            }
        }
    }
}
