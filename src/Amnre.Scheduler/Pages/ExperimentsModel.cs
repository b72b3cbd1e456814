using Amnre.Jobs.Views;
using Amnre.Scheduler.Markup;
using Amnre.Scheduler.Parts;

namespace Amnre.Scheduler.Pages;

/// <summary>Experiments, newest first, a page at a time.</summary>
/// <param name="Experiments">One more than is shown where there are more.</param>
/// <param name="IsFirst">Whether these are the newest.</param>
/// <param name="Slowest">Seconds left of the slowest running job, by experiment.</param>
/// <param name="Now">UTC, by the database's clock.</param>
public sealed record ExperimentsModel(
    IReadOnlyList<ExperimentSummary> Experiments, bool IsFirst, IReadOnlyDictionary<long, double> Slowest, DateTime Now)
{
    /// <summary>Experiments on one page.</summary>
    public const int Shown = 50;

    /// <summary>Address of the next page; null on the last.</summary>
    public string? Next => Experiments.Count > Shown ? $"/?before={Experiments[Shown - 1].Id}" : null;

    /// <summary>In words; empty where nothing tells.</summary>
    public string Left(ExperimentSummary one) =>
        TimeLeft.Of(one, Slowest.TryGetValue(one.Id, out var seconds) ? seconds : null, Now) is { } left
        ? $"about {Wording.Duration(left)}"
        : "";
}
