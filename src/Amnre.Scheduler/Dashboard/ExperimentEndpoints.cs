using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Views;
using Amnre.Scheduler.ExperimentPages;
using Amnre.Scheduler.Markup;
using Amnre.Scheduler.Parts;
using Amnre.Scheduler.Runs;
using Amnre.Scheduler.TrainingPages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Amnre.Scheduler.Dashboard;

/// <summary>The pages of one experiment.</summary>
internal static class ExperimentEndpoints
{
    private const int MaxWarnings = 50, LastEvents = 30, MaxVerdicts = 40;

    public static void MapExperiment(this IEndpointRouteBuilder app)
    {
        Map(app, "", async (context, experiment, views, cancel) =>
        {
            var jobs = new List<IReadOnlyList<JobSnapshot>>();
            foreach (var (_, states) in ExperimentModel.Sections)
                jobs.Add(await views.Experiments.JobsAsync(experiment.Id, states, -1, ExperimentModel.Shown, cancel));
            var slowest = await views.Experiments.SlowestAsync([experiment.Id], cancel);
            return Page.Of<ExperimentPage, ExperimentModel>(new(
                experiment, jobs, await views.Experiments.WarningsAsync(experiment.Id, MaxWarnings, cancel),
                [.. (await views.Lineage.VerdictsAsync(experiment.Id, MaxVerdicts, cancel))
                    .Select(one => (one.Job, one.Name, Report: JobFindings.VerdictOf(views.Store, one.File)))
                    .Where(one => one.Report is not null).Select(one => new ShownVerdict(one.Job, one.Name, one.Report!))],
                await views.Queue.SpentAsync(experiment.Id, cancel),
                await views.Queue.EventsAsync(experiment.Id, null, LastEvents, cancel),
                slowest.TryGetValue(experiment.Id, out var seconds) ? seconds : null, await views.Experiments.NowAsync(cancel)));
        });
        Map(app, "/graph", async (context, experiment, views, cancel) =>
        {
            var open = context.Request.Query["open"].OfType<string>().Where(group => group.Length > 0).Distinct().ToList();
            return Page.Of<GraphPage, GraphModel>(
                new(experiment, await views.Graph.ShapeAsync(experiment.Id, open, GraphModel.Drawn, cancel), open));
        });
        Map(app, "/runs", async (context, experiment, views, cancel) =>
        {
            var query = QueryOf(context);
            return Page.Of<RunsPage, RunsModel>(
                new(experiment, await views.Catalog.RunsAsync(experiment.Id, query.Evaluations, cancel), query));
        });
        Map(app, "/parallel", async (context, experiment, views, cancel) =>
            Page.Of<ParallelPage, ParallelModel>(
                new(experiment, await views.Catalog.RunsAsync(experiment.Id, false, cancel), QueryOf(context))));
        Map(app, "/curves", CurvesAsync);
        Map(app, "/figures", async (context, experiment, views, cancel) =>
        {
            var type = FiguresModel.Types.FirstOrDefault(type => type == context.Request.Query["type"]);
            var run = DashboardEndpoints.Number(context, "run");
            return Page.Of<FiguresPage, FiguresModel>(
                new(experiment, await views.Lineage.FiguresAsync(experiment.Id, type, run, FiguresModel.Max, cancel),
                    await views.Lineage.DrawnRunsAsync(experiment.Id, FiguresModel.MaxRuns, cancel), type, run));
        });
        Map(app, "/jobs", async (context, experiment, views, cancel) =>
        {
            var states = context.Request.Query["state"].OfType<string>().Where(text => text.Length > 0 && char.IsAsciiLetter(text[0]))
                .Select(text => Enum.TryParse<JobState>(text, ignoreCase: true, out var state) ? state : (JobState?)null).OfType<JobState>()
                .Distinct().ToList();
            var after = int.TryParse(context.Request.Query["after"], out var given) ? given : -1;
            return Page.Of<JobsPage, JobsModel>(new(experiment, states.Count == 0 ? null : states,
                await views.Experiments.JobsAsync(experiment.Id, states.Count == 0 ? null : states, after, JobsModel.Shown + 1, cancel),
                after < 0, await views.Experiments.NowAsync(cancel)));
        });
        Map(app, "/events", async (context, experiment, views, cancel) =>
        {
            var before = DashboardEndpoints.Number(context, "before");
            return Page.Of<ExperimentEventsPage, ExperimentEventsModel>(
                new(experiment, await views.Queue.EventsAsync(experiment.Id, before, EventLog.Shown + 1, cancel), before is null));
        });
        app.MapGet("/experiments/{id:long}/runs.csv", async (HttpContext context, long id, PageViews views) =>
        {
            var query = QueryOf(context);
            if (await views.Experiments.SummaryAsync(id, context.RequestAborted) is not { } experiment) return Results.NotFound();
            var set = await views.Catalog.RunsAsync(id, query.Evaluations, context.RequestAborted);
            IReadOnlyList<string> columns = [.. RunColumns.Always, .. query.Columns.Count > 0 ? query.Columns : set.Columns];
            return Results.Text(string.Concat(RunsCsv.Lines(query.Select(set), columns)), "text/csv; charset=utf-8");
        }).ForViewers();
    }

    private static async Task<Page> CurvesAsync(HttpContext context, ExperimentSummary experiment, PageViews views,
        CancellationToken cancel)
    {
        var asked = context.Request.Query["job"].Select(text => long.TryParse(text, out var job) ? job : 0).Where(job => job > 0).Distinct()
            .Take(CurvesModel.Max).ToList();
        var smooth = double.TryParse(context.Request.Query["smooth"], System.Globalization.CultureInfo.InvariantCulture, out var weight)
            && weight is > 0 and < 1 ? weight : 0;
        var query = new CurvesQuery(asked.Count == 0
            ? null
            : asked, context.Request.Query["log"] == "1", smooth, context.Request.Query["time"] == "1");
        var listed = await views.Runs.CurvesAsync(experiment.Id, null, CurvesModel.Listed, cancel);
        var shown = query.Jobs is null
            ? listed.Take(CurvesModel.First)
            : await views.Runs.CurvesAsync(experiment.Id, query.Jobs, CurvesModel.Max, cancel);
        return Page.Of<CurvesPage, CurvesModel>(new(experiment, [.. listed.Select(one => (one.Job, one.Name))],
            [.. shown.SelectMany(one => LossHistory.Of(views.Store, one)).Take(CurvesModel.Max)], query));
    }

    private static RunQuery QueryOf(HttpContext context) => RunQuery.Parse(name => [.. context.Request.Query[name]]);

    private static void Map(IEndpointRouteBuilder app, string part,
        Func<HttpContext, ExperimentSummary, PageViews, CancellationToken, Task<Page>> render) =>
        app.MapGet($"/experiments/{{id:long}}{part}", async (HttpContext context, long id, PageViews views) =>
        {
            var experiment = await views.Experiments.SummaryAsync(id, context.RequestAborted);
            await (experiment is null ? DashboardEndpoints.NotFoundAsync(context)
                : DashboardEndpoints.WriteAsync(context, await render(context, experiment, views, context.RequestAborted)));
        }).ForViewers();
}

/// <summary>All that pages are made from.</summary>
internal sealed record PageViews(
    ExperimentViews Experiments, JobViews Jobs, GraphViews Graph, QueueViews Queue, RunViews Runs, LineageViews Lineage, RunCatalog Catalog,
    ArtifactStore Store);
