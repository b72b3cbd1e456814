using Amnre.Jobs.Graph;
using Amnre.Jobs.Views;

namespace Amnre.Scheduler.Parts;

/// <summary>How long an experiment still takes. Pure.</summary>
internal static class TimeLeft
{
    /// <returns>The jobs that are left at the pace so far, and not less than the slowest of those under way; null where nothing
    /// tells.</returns>
    /// <param name="experiment">How many jobs stand where.</param>
    /// <param name="slowest">Seconds left of the slowest job under way, as its worker thinks; null when none is known.</param>
    /// <param name="now">UTC, by the database's clock.</param>
    public static TimeSpan? Of(ExperimentSummary experiment, double? slowest, DateTime now)
    {
        if (experiment.State != ExperimentState.Running || experiment.Paused) return null;
        var longest = slowest is { } given && double.IsFinite(given) ? given : 0;
        var left = experiment.Waiting + experiment.Ready + experiment.Running;
        var pace = experiment.Succeeded == 0 ? 0 : left * (now - experiment.SubmittedAt).TotalSeconds / experiment.Succeeded;
        return Math.Max(longest, pace) is var most and > 0 and < 1e9 ? TimeSpan.FromSeconds(most) : null;
    }
}
