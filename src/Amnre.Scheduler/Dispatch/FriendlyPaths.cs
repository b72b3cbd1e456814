using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Views;
using Microsoft.Extensions.Logging;

namespace Amnre.Scheduler.Dispatch;

/// <summary>Gives what was published its friendly names.</summary>
internal sealed class FriendlyPaths(ExperimentViews views, ArtifactStore store, ILogger<FriendlyPaths> logger)
{
    private const int RecentExperiments = 20;

    /// <summary>Makes again whatever friendly names have gone missing.</summary>
    public async Task RestoreRecentAsync(CancellationToken stop)
    {
        // Newest first: an earlier version of an experiment must not take its friendly names back.
        var recent = (await views.ListAsync(RecentExperiments, stop)).DistinctBy(experiment => experiment.Name);
        await RestoreAsync([.. recent.Select(experiment => experiment.Id)], stop);
    }

    public async Task RestoreAsync(IReadOnlyList<long> experiments, CancellationToken stop)
    {
        foreach (var experiment in experiments)
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
}
