using Amnre.Jobs.Ledger;
using Amnre.Jobs.Transport;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Hosting;
using Hangfire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Amnre.Scheduler.Dashboard;

/// <summary>The pages, their assets, and Hangfire's own page for operators (to read only).</summary>
internal static class DashboardEndpoints
{
    private const int MostExperiments = 200;
    private const int MostEvents = 200;

    public static void MapDashboard(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<SchedulerOptions>();
        app.MapGet("/", async (HttpContext context, ExperimentViews views) =>
            await WriteAsync(context, ExperimentsPage.Render(await views.ListAsync(MostExperiments, context.RequestAborted), Now(options)))).Page();
        app.MapGet("/experiments/{id:long}", async (HttpContext context, long id, ExperimentViews views) =>
        {
            var snapshot = await views.SnapshotAsync(id, context.RequestAborted);
            await (snapshot is null ? NotFoundAsync(context)
                : WriteAsync(context, ExperimentPage.Render(snapshot, await views.LatestEventsAsync(id, MostEvents, context.RequestAborted), context.Role())));
        }).Page();
        app.MapGet("/jobs/{id:long}", async (HttpContext context, long id, ExperimentViews views) =>
        {
            var job = await views.JobAsync(id, context.RequestAborted);
            await (job is null ? NotFoundAsync(context)
                : WriteAsync(context, JobPage.Render(job, await views.AttemptsAsync(id, context.RequestAborted), Now(options), context.Role())));
        }).Page();
        app.MapGet("/workers", async (HttpContext context, ExperimentViews views, SchedulerRegistry registry) =>
            await WriteAsync(context, WorkersPage.Render(
                await views.WorkersAsync(context.RequestAborted), await registry.LiveAsync(options.WorkerSilence, context.RequestAborted), Now(options), context.Role()))).Page();
        app.MapGet("/assets/{name}", (string name) => Assets.Find(name)).For(AccessRole.None).ExcludeFromDescription();
        app.MapHangfireDashboard("/hangfire", new DashboardOptions
        {
            IsReadOnlyFunc = _ => true,
            Authorization = [], // The gate has let the reader in already.
            DisplayStorageConnectionString = false,
            DashboardTitle = "Amnre transport",
            AppPath = "/",
        }, app.Services.GetRequiredService<JobTransport>().Storage).For(AccessRole.Viewer);
    }

    private static RouteHandlerBuilder Page(this RouteHandlerBuilder route) => route.For(AccessRole.Viewer).ExcludeFromDescription();

    internal static Task WriteAsync(HttpContext context, Html page)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(page.ToString(), context.RequestAborted);
    }

    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return WriteAsync(context, Layout.Page("Not found", Html.Of($"""<h1>Not found</h1><p class="empty">The ledger knows nothing of it.</p>"""), live: false));
    }

    private static DateTime Now(SchedulerOptions options) => options.Clock.GetUtcNow().UtcDateTime;
}
