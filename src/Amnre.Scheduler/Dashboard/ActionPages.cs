using System.Globalization;
using Amnre.Engine;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Access;
using Amnre.Scheduler.Markup;
using Amnre.Scheduler.Pages;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Amnre.Scheduler.Dashboard;

/// <summary>Asks again before something is done, and tells what became of it. Without scripts.</summary>
internal static class ActionPages
{
    public static void MapActions(this IEndpointRouteBuilder app)
    {
        app.MapGet("/actions/{kind}", async (HttpContext context, string kind, string what, ExperimentViews views) =>
            await DashboardEndpoints.WriteAsync(context,
                Ask(Kind(kind), what, await ExperimentAsync(Kind(kind), what, views, context.RequestAborted), Antiforgery.Field(context))))
            .For(AccessRole.Operator).ExcludeFromDescription();
        app.MapPost("/actions/{kind}", DoAsync).For(AccessRole.Operator).ExcludeFromDescription();
    }

    private static async Task DoAsync(HttpContext context, string kind, IAntiforgery antiforgery, Actions actions, ExperimentViews views)
    {
        await antiforgery.ValidateRequestAsync(context);
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var request = new ActionRequest(Kind(kind), form["what"].ToString())
        {
            Drain = form["drain"] == "on",
            Priority = form["priority"].ToString() is { Length: > 0 } text
                ? int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var priority)
                ? priority
                : throw new InputException($"priority '{text}' is no whole number")
                : null,
            Where = [.. form["where"].Where(condition => condition is { Length: > 0 }).Select(condition => condition!)],
        };
        var report = await actions.DoAsync(request, context.Requester(), context.RequestAborted);
        await DashboardEndpoints.WriteAsync(context,
            Tell(request, report, await ExperimentAsync(request.Kind, request.What, views, context.RequestAborted)));
    }

    private static async Task<long?> ExperimentAsync(ActionKind kind, string what, ExperimentViews views, CancellationToken cancel) =>
        kind == ActionKind.Drain ? null : await views.FindAsync(what.Split('/', '@')[0], cancel);

    private static Page Ask(ActionKind kind, string what, long? experiment, Html antiforgery) =>
        Layout.Page(ActionForms.Title(kind), Html.Of(
        $"""
        <form class="confirm" method="post" action="/actions/{Wording.Word(kind)}"><h1>{ActionForms.Title(kind)}</h1>
        <p><strong>{(kind == ActionKind.Drain && what == "*" ? "all workers" : what)}</strong></p>
        <p>{Consequence(kind)}</p>
        {antiforgery}<input type="hidden" name="what" value="{what}">
        {Choices(kind, what)}
        <p class="actions"><button class="{(kind is ActionKind.Cancel or ActionKind.Drain ? "danger" : "main")}">{ActionForms.Title(kind)}</button><a class="button" href="{Back(kind, experiment)}">Leave it as it is</a></p></form>
        """), live: false);

    private static string Back(ActionKind kind, long? experiment) => experiment is { } id ? $"/experiments/{id}" : kind == ActionKind.Drain
        ? "/workers" : "/";

    private static Html Choices(ActionKind kind, string what) => kind switch
    {
        ActionKind.Pause =>
            Html.Of($"""<label><input type="checkbox" name="drain"> Running jobs save their work and hand it back too</label>"""),
        ActionKind.Prioritize =>
            Html.Of($"""<label>Priority <input type="number" name="priority" value="0" min="-1000000" max="1000000" required></label>"""),
        ActionKind.Retry when !what.Contains('/', StringComparison.Ordinal) => Html.Of(
            $"""
            <label>Jobs <select name="where"><option value="state=failed">that failed</option><option value="state=failed,cancelled">that failed or were cancelled</option></select></label>
            """),
        _ => Html.None,
    };

    private static string Consequence(ActionKind kind) => kind switch
    {
        ActionKind.Cancel => "What has not ended is given up, with what reads from it. What is published stays, and it can be tried again.",
        ActionKind.Pause => "No new job of it begins until it is resumed.",
        ActionKind.Resume => "Its jobs begin again.",
        ActionKind.Prioritize => "Greater goes first, across experiments, from the next dispatch on.",
        ActionKind.Retry => "It comes back in the same version, with a fresh budget of retries and what was skipped because of it.",
        ActionKind.Rerun => "It runs again although its result is published, and the bytes are compared.",
        ActionKind.Drain => "Work is saved and handed back, then the worker leaves. Workers of 'amnre run' are started again.",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such action"),
    };

    private static Page Tell(ActionRequest request, ActionReport report, long? experiment) =>
        Layout.Page(ActionForms.Title(request.Kind), Html.Of(
        $"""
        <h1>{ActionForms.Title(request.Kind)}</h1>
        {(report.Done.Count + report.Not.Count == 0 ? Html.Of($"""<p class="empty">Nothing there is called {request.What}.</p>""") : Html.None)}
        <ul class="plain">{report.Done.Select(item => Html.Of($"<li>{report.Action}: {item}</li>"))}
        {report.Not.Select(item => Html.Of($"""<li class="warning">{item.Item} {item.Why}</li>"""))}</ul>
        <p><a href="{Back(request.Kind, experiment)}">{(experiment is null ? "Back" : "Back to the experiment")}</a></p>
        """), live: false);

    private static ActionKind Kind(string name) =>
        EnumName.TryParse<ActionKind>(name.ToLowerInvariant(), out var kind)
            ? kind : throw new InputException(
                $"there is no action '{name}': {string.Join(", ", EnumName.All<ActionKind>())}");
}
