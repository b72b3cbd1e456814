using Amnre.Jobs.Graph;
using Amnre.Jobs.Views;

namespace Amnre.Scheduler.Dashboard;

/// <summary>How long an experiment still takes. Pure.</summary>
internal static class TimeLeft
{
    /// <returns>The jobs that are left at the pace so far, and not less than the longest of those under way; null where nothing tells.</returns>
    /// <param name="experiment">How many jobs stand where.</param>
    /// <param name="running">Seconds left of jobs under way, as their workers think.</param>
    /// <param name="now">UTC.</param>
    public static TimeSpan? Of(ExperimentSummary experiment, IReadOnlyList<double?> running, DateTime now)
    {
        if (experiment.State != ExperimentState.Running || experiment.Paused) return null;
        var longest = running.Where(seconds => seconds is { } given && double.IsFinite(given)).Select(seconds => seconds!.Value).DefaultIfEmpty(0).Max();
        var left = experiment.Waiting + experiment.Ready + experiment.Running;
        var pace = experiment.Succeeded == 0 ? 0 : left * (now - experiment.SubmittedAt).TotalSeconds / experiment.Succeeded;
        return Math.Max(longest, pace) is var most and > 0 and < 1e9 ? TimeSpan.FromSeconds(most) : null;
    }
}
