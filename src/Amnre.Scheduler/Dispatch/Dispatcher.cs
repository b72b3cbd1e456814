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
    DispatchLedger ledger, GraphLedger graph, JobTransport transport, ArtifactStore store, SchedulerOptions options, ILogger<Dispatcher> logger)
{
    private static readonly string[] Queues = [JobQueues.Gpu, JobQueues.Cpu];

    public async Task DispatchAsync(CancellationToken stop)
    {
        await ReuseLateResultsAsync(stop);
        foreach (var load in await ledger.LoadsAsync(Queues, options.WorkerSilence, stop))
        {
            var room = Room(load, options.LeastDepth);
            if (room == 0)
            {
                continue;
            }

            foreach (var job in await ledger.TakeAsync(load.Queue, room, stop))
            {
                // A crash between any two of these steps leaves a queued job without a delivery, which is handed out again later.
                var delivery = transport.Enqueue(job, load.Queue);
                await ledger.DeliveredAsync(job, delivery, stop);
                logger.LogDebug("Job {JobId} goes to {Queue}", job, load.Queue);
            }
        }
    }

    /// <summary>Twice what its slots hold, so that none waits for the dispatcher, less what is there already.</summary>
    internal static int Room(QueueLoad load, int leastDepth) => Math.Max(Math.Max(leastDepth, 2 * load.Slots) - load.Waiting, 0);

    private async Task ReuseLateResultsAsync(CancellationToken stop)
    {
        foreach (var late in await ledger.LateResultsAsync(stop))
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
