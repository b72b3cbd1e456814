using Amnre.Jobs.Allocations;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Transport;
using Amnre.Jobs.Views;
using Amnre.Jobs.Workers;
using Amnre.Scheduler.Access;
using Amnre.Scheduler.ExperimentPages;
using Amnre.Scheduler.Markup;
using Amnre.Scheduler.Pages;
using Amnre.Scheduler.Parts;
using Amnre.Scheduler.Runs;
using Amnre.Scheduler.TrainingPages;
using Hangfire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Amnre.Scheduler.Dashboard;

/// <summary>The pages, their assets, and Hangfire's own page for operators (to read only).</summary>
internal static class DashboardEndpoints
{
    private static readonly TimeSpan RecentAllocations = TimeSpan.FromDays(1);

    public static IServiceCollection AddPages(this IServiceCollection services) => services
        .AddSingleton(given => new JobViews(given.GetRequiredService<NpgsqlDataSource>(), HeartbeatTimeout(given)))
        .AddSingleton(given => new QueueViews(given.GetRequiredService<NpgsqlDataSource>(), HeartbeatTimeout(given)))
        .AddSingleton<GraphViews>().AddSingleton<RunViews>()
        .AddSingleton<LineageViews>()
        .AddSingleton<RunCatalog>().AddSingleton<PageViews>();

    private static TimeSpan HeartbeatTimeout(IServiceProvider given) => given.GetRequiredService<SchedulerOptions>().HeartbeatTimeout;

    public static void MapDashboard(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<SchedulerOptions>();
        app.MapGet("/", async (HttpContext context, ExperimentViews views) =>
        {
            var before = Number(context, "before");
            var experiments = await views.ListAsync(before, ExperimentsModel.Shown + 1, context.RequestAborted);
            var slowest = await views.SlowestAsync([.. experiments.Select(one => one.Id)], context.RequestAborted);
            await WriteAsync(context, Page.Of<ExperimentsPage, ExperimentsModel>(
                new(experiments, before is null, slowest, await views.NowAsync(context.RequestAborted))));
        }).ForViewers();
        app.MapExperiment();
        app.MapGet("/jobs/{id:long}", JobAsync).ForViewers();
        app.MapGet("/workers", async (HttpContext context, ExperimentViews views, PoolLedger pools, SchedulerRegistry registry) =>
            await WriteAsync(context, Page.Of<WorkersPage, WorkersModel>(new(
                await views.WorkersAsync(context.RequestAborted), await pools.PoolsAsync(context.RequestAborted),
                await pools.AllocationsAsync(RecentAllocations, context.RequestAborted),
                await registry.LiveAsync(context.RequestAborted), Now(options))))).ForViewers();
        app.MapGet("/queue", async (HttpContext context, QueueViews views) =>
        {
            var after = (int)Math.Clamp(Number(context, "after") ?? 0, 0, int.MaxValue - QueueModel.Shown - 1);
            await WriteAsync(context, Page.Of<QueuePage, QueueModel>(
                new(await views.QueueAsync(after, QueueModel.Shown + 1, context.RequestAborted), after == 0, Now(options))));
        }).ForViewers();
        app.MapGet("/events", async (HttpContext context, QueueViews views) =>
        {
            var before = Number(context, "before");
            await WriteAsync(context, Page.Of<EventsPage, EventsModel>(
                new(await views.EventsAsync(null, before, EventLog.Shown + 1, context.RequestAborted), before is null)));
        }).ForViewers();
        app.MapGet("/artifacts/{token:long}/{**name}",
            (long token, string name, LineageViews views, ArtifactStore store, CancellationToken cancel) =>
            ArtifactFile.SendAsync(token, name, views, store, cancel)).ForViewers();
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

    /// <summary>Of those who may look.</summary>
    internal static RouteHandlerBuilder ForViewers(this RouteHandlerBuilder route) => route.For(AccessRole.Viewer).ExcludeFromDescription();

    internal static async Task WriteAsync(HttpContext context, Page page)
    {
        // Whole before the first byte goes, so that an error still becomes a page of its own.
        var text = await ComponentText.OfAsync(page, SignIn.Visitor(context), context.RequestServices);
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    internal static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return WriteAsync(context, Page.Of<RefusalPage, RefusalModel>(new(
            "Not found", "The ledger has no record of it. It may have been removed, or the address is of another ledger:")
        {
            LinksHome = true,
        }));
    }

    /// <summary>A parameter of the address that is a number; null where it is none.</summary>
    internal static long? Number(HttpContext context, string name) => long.TryParse(context.Request.Query[name], out var number)
        ? number
        : null;

    private static async Task JobAsync(HttpContext context, long id, PageViews views)
    {
        var cancel = context.RequestAborted;
        if (await views.Jobs.JobAsync(id, cancel) is not { } job)
        {
            await NotFoundAsync(context);
            return;
        }

        var attempts = await views.Jobs.AttemptsAsync(id, cancel);
        var files = await views.Lineage.FilesAsync(id, cancel);
        var token = attempts.Count > 0 ? attempts[0].Token : files.Count > 0 ? files[0].Token : (long?)null;
        var losses = job.Kind == JobKind.Train && token is { } made
            ? LossHistory.Of(views.Store,
                new TrainingCurves(id, job.Name, Fingerprint.Parse(job.Fingerprint), files.Count > 0
                    ? files[0].Token
                    : made, false, TrainingModels.Of(job.Name, job.Kind, job.Settings))).Take(CurvesModel.Max).ToList() : [];
        await WriteAsync(context, Page.Of<JobPage, JobModel>(new(
            job, await views.Jobs.FactsAsync(id, cancel), attempts, files, await views.Lineage.OfAsync(id, LineageTable.MaxJobs, cancel),
            token is { } latest
                ? LogTail.Read(views.Store, latest)
                : null, losses, JobFindings.Of(views.Store, files), await views.Experiments.NowAsync(cancel))));
    }

    private static DateTime Now(SchedulerOptions options) => options.Clock.GetUtcNow().UtcDateTime;
}
