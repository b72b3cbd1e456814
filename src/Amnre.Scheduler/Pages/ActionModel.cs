using Amnre.Jobs.Operations;
using Amnre.Scheduler.Parts;

namespace Amnre.Scheduler.Pages;

/// <summary>An action that a user has asked for and not confirmed yet.</summary>
/// <param name="What">Names what it acts on.</param>
/// <param name="Experiment">Of what it acts on; null for none.</param>
public sealed record ActionModel(ActionKind Kind, string What, long? Experiment)
{
    public string Title => ActionOffer.TitleOf(Kind);

    public string Target => Kind == ActionKind.Drain && What == "*" ? "all workers" : What;

    /// <summary>A retry that may choose among jobs.</summary>
    public bool ChoosesJobs => Kind == ActionKind.Retry && !What.Contains('/', StringComparison.Ordinal);

    public string Consequence() => Kind switch
    {
        ActionKind.Cancel => "What has not ended is cancelled, with what reads from it. What is published stays, and it can be retried.",
        ActionKind.Pause => "No new job of it begins until it is resumed.",
        ActionKind.Resume => "Its jobs begin again.",
        ActionKind.Prioritize => "Greater goes first, across experiments, from the next dispatch on.",
        ActionKind.Retry => "It comes back in the same version, with a fresh budget of retries and what was skipped because of it.",
        ActionKind.Rerun => "It runs again although its result is published, and the bytes are compared.",
        ActionKind.Drain => "Work is saved and returned to the queue, then the worker leaves. Workers of 'amnre run' are started again.",
        _ => throw new ArgumentOutOfRangeException(nameof(Kind), Kind, "no such action"),
    };

    /// <summary>Address of the page that shows what an action is about.</summary>
    public string Back => Experiment is { } id ? $"/experiments/{id}" : Kind == ActionKind.Drain ? "/workers" : "/";
}
