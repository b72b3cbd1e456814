using Amnre.Jobs.Views;
using Amnre.Scheduler.Charts;
using Amnre.Scheduler.Parts;
using Amnre.Scheduler.Runs;

namespace Amnre.Scheduler.TrainingPages;

/// <summary>Settings against metrics as parallel coordinates: which choices go with which results.</summary>
public sealed record ParallelModel(ExperimentSummary Experiment, RunSet Set, RunQuery Query)
{
    public const int MaxRuns = 1000, MaxAxes = 12;

    private const int FirstSettings = 5;

    /// <summary>Runs that the conditions keep, as far as they are drawn.</summary>
    public IReadOnlyList<Run> Selected { get; } = [.. Query.Select(Set).Take(MaxRuns)];

    /// <summary>Columns with an axis.</summary>
    public IReadOnlyList<string> Columns { get; } =
        [.. (Query.Columns.Count > 0 ? Set.Columns.Where(Query.Columns.Contains) : First(Set)).Take(MaxAxes)];

    public string Path => ExperimentAddress.Of(Experiment, "/parallel");

    /// <summary>The same as a table.</summary>
    public string Table => (Query with { Columns = Columns }).Address(ExperimentAddress.Of(Experiment, "/runs"));

    public bool CanBeDrawn => Columns.Count >= 2 && Selected.Count > 0;

    public IReadOnlyList<ParallelAxis> Axes =>
        [.. Columns.Select(column => new ParallelAxis(column, [.. Selected.Select(run => RunColumns.Value(run, column))]))];

    /// <summary>A few settings and metrics that vary, and the loss.</summary>
    private static List<string> First(RunSet set)
    {
        var preferred = set.Metrics.FirstOrDefault(metric => metric == "validation loss")
            ?? set.Metrics.FirstOrDefault(metric => metric == "loss");
        return [.. set.Settings.Take(FirstSettings),
            .. set.Metrics.Where(metric => metric != preferred && metric.Contains('.', StringComparison.Ordinal) && Varies(set, metric))
                .Take(2), .. preferred is null ? Array.Empty<string>() : [preferred]];
    }

    private static bool Varies(RunSet set, string column) =>
        set.Runs.Select(run => run.Values.GetValueOrDefault(column)).OfType<double>().Distinct().Skip(1).Any();
}
