using Amnre.Jobs.Views;
using Amnre.Scheduler.Parts;
using Amnre.Scheduler.Runs;

namespace Amnre.Scheduler.TrainingPages;

/// <summary>Trainings and evaluations as one table: sorted, filtered, grouped, with the columns that were chosen.</summary>
public sealed record RunsModel(ExperimentSummary Experiment, RunSet Set, RunQuery Query)
{
    /// <summary>Columns that are shown where none were chosen.</summary>
    private const int FirstSettings = 3, FirstMetrics = 4;

    /// <summary>Runs that the conditions keep, in order.</summary>
    public IReadOnlyList<Run> Selected { get; } = Query.Select(Set);

    /// <summary>Beside those that every run has.</summary>
    public IReadOnlyList<string> Columns { get; } = Query.Columns.Count > 0
        ? Query.Columns
        : [.. Set.Settings.Take(FirstSettings), .. Set.Metrics.Take(FirstMetrics)];

    public string Path => ExperimentAddress.Of(Experiment, "/runs");

    /// <summary>All that was selected, as a file.</summary>
    public string Csv => (Query with { After = null }).Address(ExperimentAddress.Of(Experiment, "/runs.csv"));
}
