using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Hosting;
using Microsoft.Extensions.Logging;

namespace Amnre.Scheduler.Dispatch;

/// <summary>Draws the graph's conclusions from what workers reported, and gives what was published its friendly names.</summary>
internal sealed class OutcomeFolder(
    GraphLedger graph, ExperimentViews views, ArtifactStore store, SchedulerOptions options, ILogger<OutcomeFolder> logger)
{
    private const int RecentExperiments = 20;

    public async Task FoldAsync(CancellationToken stop)
    {
        foreach (var experiment in await graph.UnsettledAsync(stop))
        {
            try
            {
                await graph.SettleAsync(experiment, options.Retry, stop);
            }
            catch (LedgerConflictException e)
            {
                logger.LogDebug("{Message}; looked at again at once", e.Message);
                continue;
            }

            await RestoreLinksAsync(experiment, stop);
        }
    }

    /// <summary>Makes again whatever friendly names have gone missing.</summary>
    public async Task RestoreRecentLinksAsync(CancellationToken stop)
    {
        // Newest first: an earlier version of an experiment must not take its friendly names back.
        foreach (var experiment in (await views.ListAsync(RecentExperiments, stop)).DistinctBy(experiment => experiment.Name))
        {
            await RestoreLinksAsync(experiment.Id, stop);
        }
    }

    private async Task RestoreLinksAsync(long experiment, CancellationToken stop)
    {
        var links = await views.LinksAsync(experiment, stop);
        try
        {
            FriendlyLinks.Restore(store, links);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // Names for people; jobs do without them.
        {
            logger.LogWarning("Friendly paths of experiment {ExperimentId} could not be made: {Message}", experiment, e.Message);
        }
    }
}
