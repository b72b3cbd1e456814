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
                Page.Of<ActionPage, ActionModel>(await ActionAsync(Kind(kind), what, views, context.RequestAborted))))
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
        await DashboardEndpoints.WriteAsync(context, Page.Of<ReportPage, ReportModel>(
            new(await ActionAsync(request.Kind, request.What, views, context.RequestAborted), report)));
    }

    private static async Task<ActionModel> ActionAsync(ActionKind kind, string what, ExperimentViews views, CancellationToken cancel) =>
        new(kind, what, kind == ActionKind.Drain ? null : await views.FindAsync(what.Split('/', '@')[0], cancel));

    private static ActionKind Kind(string name) =>
        EnumName.TryParse<ActionKind>(name.ToLowerInvariant(), out var kind)
            ? kind : throw new InputException(
                $"there is no action '{name}': {string.Join(", ", EnumName.All<ActionKind>())}");
}
