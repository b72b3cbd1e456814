using Amnre.Jobs.Graph;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Views;

namespace Amnre.Scheduler.Parts;

/// <summary>What an operator may do to something. Pure.</summary>
/// <param name="What">Names the thing, as actions take it.</param>
public sealed record ActionOffer(ActionKind Kind, string What)
{
    public string Title => TitleOf(Kind);

    public static IReadOnlyList<ActionOffer> Of(ExperimentSummary one)
    {
        var running = one.State == ExperimentState.Running;
        return Offered($"{one.Name}@{one.Version}",
            (running && !one.Paused, ActionKind.Pause),
            (running && one.Paused, ActionKind.Resume),
            (running, ActionKind.Prioritize),
            (one.Failed + one.Cancelled > 0, ActionKind.Retry),
            (running && !one.CancelRequested, ActionKind.Cancel));
    }

    public static IReadOnlyList<ActionOffer> Of(JobDetail job) => Offered($"{job.Experiment}@{job.Version}/{job.Name}",
        (job.State is JobState.Failed or JobState.Cancelled, ActionKind.Retry),
        (job.State.IsDone, ActionKind.Rerun),
        (!job.State.IsFinal, ActionKind.Cancel));

    public static IReadOnlyList<ActionOffer> Of(WorkerSnapshot worker) => Offered(worker.Id, (!worker.Draining, ActionKind.Drain));

    public static string TitleOf(ActionKind kind) => kind switch
    {
        ActionKind.Cancel => "Cancel",
        ActionKind.Pause => "Pause",
        ActionKind.Resume => "Resume",
        ActionKind.Prioritize => "Set priority",
        ActionKind.Retry => "Retry",
        ActionKind.Rerun => "Rerun",
        ActionKind.Drain => "Drain",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such action"),
    };

    private static IReadOnlyList<ActionOffer> Offered(string what, params IEnumerable<(bool Offered, ActionKind Kind)> actions) =>
        [.. actions.Where(action => action.Offered).Select(action => new ActionOffer(action.Kind, what))];
}
