using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Transitions;
using Amnre.Jobs.Workers;
using Microsoft.Extensions.Logging;

namespace Amnre.Scheduler.Rescue;

/// <summary>Ends attempts whose lease ran out and deliveries that no worker will claim.</summary>
internal sealed class Rescuer(
    IRescueLedger rescue, IDispatchLedger dispatch, IGraphLedger graph, SchedulerOptions options, ILogger<Rescuer> logger,
    SchedulerCounts? counts = null)
{
    /// <param name="leadingFor">How long this leader has been able to hear workers without a break.</param>
    public async Task RescueAsync(TimeSpan leadingFor, CancellationToken stop)
    {
        if (leadingFor >= options.RescueHold)
        {
            foreach (var lost in await rescue.RescueAsync(stop))
            {
                counts?.Rescued();
                logger.LogWarning("Job {JobId}: attempt {Token} of {WorkerId} is lost", lost.JobId, lost.Token, lost.Worker);
            }
        }

        foreach (var experiment in (await dispatch.UndeliveredAsync(options.DeliveryTimeout, stop)).GroupBy(job => job.ExperimentId))
        {
            counts?.Redelivered(experiment.Count());
            logger.LogInformation("{Count} deliveries were lost or not claimed; handed out again", experiment.Count());
            try
            {
                await graph.ConcludeAsync(experiment.Key,
                    [.. experiment.Select(job => (job.JobId, (Func<int, GraphEvent>)(place => new GraphEvent.Undelivered(place))))], stop);
            }
            catch (LedgerConflictException e)
            {
                logger.LogDebug("{Message}; looked at again at once", e.Message); // One was claimed at this very moment.
            }
        }
    }

    /// <summary>Removes what no worker will come back for: silent workers and what they had fetched. Nothing waits for
    /// it.</summary>
    /// <param name="leadingFor">How long this leader has been able to hear workers without a break.</param>
    public async Task TidyAsync(TimeSpan leadingFor, CancellationToken stop)
    {
        if (leadingFor >= options.RescueHold) await rescue.RetireSilentWorkersAsync(options.HeartbeatTimeout * 4, stop);
        await dispatch.SweepDeliveriesAsync(options.DeliveryTimeout * 4, stop);
    }
}
