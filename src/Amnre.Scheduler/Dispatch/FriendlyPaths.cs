using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Views;
using Microsoft.Extensions.Logging;

namespace Amnre.Scheduler.Dispatch;

/// <summary>Gives what was published its friendly names.</summary>
/// <param name="stretch">Jobs of an experiment whose names are looked at in one go: one of a million jobs must not hold the others
/// up.</param>
internal sealed class FriendlyPaths(FileViews files, ArtifactStore store, ILogger<FriendlyPaths> logger, int stretch = 5_000)
{
    private const int RecentExperiments = 20;

    /// <summary>Where the look at an experiment with more jobs continues.</summary>
    private readonly Dictionary<long, int> _next = [];

    /// <summary>Makes again whatever friendly names have gone missing; of large experiments, a stretch after the other.</summary>
    public async Task RestoreRecentAsync(CancellationToken stop)
    {
        // Newest first: an earlier version of an experiment must not take its friendly names back.
        foreach (var (id, _, jobs) in (await files.LatestAsync(RecentExperiments, stop)).DistinctBy(experiment => experiment.Name).ToList())
        {
            var from = _next.GetValueOrDefault(id);
            _next[id] = from + stretch < jobs ? from + stretch : 0;
            Restore($"experiment {id}", await files.LinksAsync(id, from, stretch, stop));
        }
    }

    public async Task RestoreAsync(IReadOnlyList<long> jobs, CancellationToken stop)
    {
        if (jobs.Count > 0) Restore("jobs that ended", await files.LinksAsync(jobs, stop));
    }

    private void Restore(string whose, IReadOnlyList<FriendlyLink> links)
    {
        if (FriendlyLinks.Restore(store, links).Error is { } error)
            logger.LogWarning("Friendly paths of {Whose} could not be made: {Fault}", whose, error);
    }
}
