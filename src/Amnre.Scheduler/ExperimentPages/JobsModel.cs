using Amnre.Jobs.Graph;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Parts;

namespace Amnre.Scheduler.ExperimentPages;

/// <summary>Jobs of one experiment in plan order, by state, a page at a time.</summary>
/// <param name="States">Null for all.</param>
/// <param name="Jobs">One more than is shown where there are more.</param>
/// <param name="IsFirst">Whether this is the beginning.</param>
/// <param name="Now">UTC.</param>
public sealed record JobsModel(
    ExperimentSummary Experiment, IReadOnlyList<JobState>? States, IReadOnlyList<JobSnapshot> Jobs, bool IsFirst, DateTime Now)
{
    /// <summary>Jobs on one page.</summary>
    public const int Shown = 200;

    public string Path => ExperimentAddress.Jobs(Experiment, States);

    /// <summary>Address of the next page; null on the last.</summary>
    public string? Next => Jobs.Count > Shown ? $"{Path}{(States is null ? '?' : '&')}after={Jobs[Shown - 1].Ordinal}" : null;

    /// <summary>States that can be chosen: those of some job.</summary>
    public IEnumerable<JobState> Choices => Enum.GetValues<JobState>()
        .Where(state => StateCounts.Count(Experiment, state) > 0 || (state is JobState.Queued && Experiment.Ready > 0));
}
