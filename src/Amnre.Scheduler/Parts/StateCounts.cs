using Amnre.Jobs.Graph;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Markup;

namespace Amnre.Scheduler.Parts;

/// <summary>How many jobs of an experiment are in each state. Pure.</summary>
internal static class StateCounts
{
    /// <summary>States that some job is in; ready and queued ones are counted together, as ready.</summary>
    public static IReadOnlyList<(string State, int Count)> Of(ExperimentSummary one) =>
        [.. new[]
        {
            ("succeeded", one.Succeeded), ("reused", one.Reused), ("running", one.Running), ("ready", one.Ready),
            ("waiting", one.Waiting), ("failed", one.Failed), ("skipped", one.Skipped), ("cancelled", one.Cancelled),
            ("pruned", one.Pruned),
        }.Where(count => count.Item2 > 0)];

    /// <summary>How many jobs are in a state; ready and queued ones are counted together, as ready.</summary>
    public static int Count(ExperimentSummary one, JobState state) =>
        Of(one).FirstOrDefault(count => count.State == Wording.Word(state)).Count;
}
