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
    IDispatchLedger ledger, IGraphLedger graph, IDeliveries transport, ArtifactStore store, SchedulerOptions options, ILogger<Dispatcher> logger)
{
    private static readonly string[] Queues = [JobQueues.Gpu, JobQueues.Cpu];

    /// <summary>Jobs beyond those that can be taken now whose results may have been made meanwhile.</summary>
    private const int Ahead = 64;

    public async Task DispatchAsync(CancellationToken stop)
    {
        var rooms = (await ledger.LoadsAsync(Queues, options.WorkerSilence, stop))
            .Select(load => (load.Queue, Room: Room(load, options.LeastDepth))).Where(queue => queue.Room > 0).ToList();
        if (rooms.Count == 0) return;

        await ReuseLateResultsAsync(rooms.Max(queue => queue.Room) + Ahead, stop);
        foreach (var (name, room) in rooms)
        {
            foreach (var job in await ledger.TakeAsync(name, room, stop))
            {
                // A crash between any two of these steps leaves a queued job without a delivery, which is handed out again later.
                var delivery = transport.Enqueue(job, name);
                await ledger.DeliveredAsync(job, delivery, stop);
                logger.LogDebug("Job {JobId} goes to {Queue}", job, name);
            }
        }
    }

    /// <summary>Twice what its slots hold, so that none waits for the dispatcher, less what is there already.</summary>
    internal static int Room(QueueLoad load, int leastDepth) => Math.Max(Math.Max(leastDepth, 2 * load.Slots) - load.Waiting, 0);

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
