using Amnre.Jobs.Views;
using Amnre.Scheduler.Charts;
using Amnre.Scheduler.Parts;
using Amnre.Scheduler.Runs;

namespace Amnre.Scheduler.TrainingPages;

/// <summary>Losses of several trainings over one another, while they run and after.</summary>
/// <param name="Trainings">All that have begun, as far as they are listed.</param>
/// <param name="Histories">Of those that are shown.</param>
/// <param name="Query">How they are shown.</param>
public sealed record CurvesModel(
    ExperimentSummary Experiment, IReadOnlyList<(long Job, string Name)> Trainings, IReadOnlyList<LossHistory> Histories, CurvesQuery Query)
{
    public const int First = 6, Max = 16, Listed = 500;

    private const int Points = 800;

    public IReadOnlyList<Curve> Curves { get; } = [.. Histories.SelectMany((history, i) => Of(history, i, Query))];

    public string Path => ExperimentAddress.Of(Experiment, "/curves");

    /// <summary>Of the trainings that can be chosen.</summary>
    public string Count => $"{Histories.DistinctBy(history => history.Job).Count()} of {Trainings.Count}" +
        (Trainings.Count == Listed ? " or more" : "");

    /// <summary>Names of the trainings without an epoch.</summary>
    public IReadOnlyList<string> Silent => [.. Histories.Where(history => history.Epochs.Count == 0).Select(history => history.Name)];

    private static IEnumerable<Curve> Of(LossHistory history, int colour, CurvesQuery query)
    {
        var seconds = 0.0;
        var across = history.Epochs.Select(epoch => query.Time ? seconds += epoch.Seconds : epoch.Epoch).ToList();
        Curve Of(string what, bool dashed, Func<int, double> y) => new($"{history.Name}{what}", $"{history.Name}, {what}", colour, dashed,
            Downsampling.KeepExtremes(Smoothing.Exponential([.. across.Select((x, i) => new Point(x, y(i)))], query.Smooth), Points));
        if (history.Epochs.Count == 0) yield break;
        yield return Of("training", true, i => history.Epochs[i].Mean);
        if (history.Epochs.Any(epoch => epoch.ValidationMean is not null))
            yield return Of("validation", false, i => history.Epochs[i].ValidationMean ?? double.NaN);
    }
}
