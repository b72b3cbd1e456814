using Amnre.Jobs.Graph;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Access;
using Amnre.Scheduler.Markup;

namespace Amnre.Scheduler.Pages;

/// <summary>What may be done to the thing a page shows, as buttons that lead to a page which asks again. Nothing for those who may only
/// look.</summary>
internal static class ActionForms
{
    public static Html Of(ExperimentSummary one, AccessRole role)
    {
        var what = $"{one.Name}@{one.Version}";
        var running = one.State == ExperimentState.Running;
        return Buttons(role,
        [
            (running && !one.Paused, ActionKind.Pause, what),
            (running && one.Paused, ActionKind.Resume, what),
            (running, ActionKind.Prioritize, what),
            (one.Failed + one.Cancelled > 0, ActionKind.Retry, what),
            (running && !one.CancelRequested, ActionKind.Cancel, what),
        ]);
    }

    public static Html Of(JobDetail job, AccessRole role)
    {
        var what = $"{job.Experiment}@{job.Version}/{job.Name}";
        return Buttons(role,
        [
            (job.State is JobState.Failed or JobState.Cancelled, ActionKind.Retry, what),
            (job.State.IsDone, ActionKind.Rerun, what),
            (!job.State.IsFinal, ActionKind.Cancel, what),
        ]);
    }

    public static Html Of(WorkerSnapshot worker, AccessRole role) => Buttons(role, [(!worker.Draining, ActionKind.Drain, worker.Id)]);

    /// <summary>The way out, for those who signed in.</summary>
    public static Html SignOut(AccessRole role, Html antiforgery) => Html.Of(
        $"""<form class="signout" method="post" action="/logout"><span class="quiet">{Wording.Word(role)}</span>{antiforgery}<button>Sign out</button></form>""");

    private static Html Buttons(AccessRole role, IReadOnlyList<(bool Offered, ActionKind Kind, string What)> actions) =>
        role < AccessRole.Operator || !actions.Any(action => action.Offered) ? Html.None : Html.Of(
            $"""
            <div class="actions" data-key="actions">{actions.Where(action => action.Offered).Select(action => Html.Of(
                $"""<form method="get" action="/actions/{Wording.Word(action.Kind)}"><input type="hidden" name="what" value="{action.What}"><button>{Title(action.Kind)}</button></form>"""))}</div>
            """);

    public static string Title(ActionKind kind) => kind switch
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
}
