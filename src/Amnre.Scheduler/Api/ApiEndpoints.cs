using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using Amnre.Engine;
using Amnre.Jobs.Allocations;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Submissions;
using Amnre.Jobs.Tracing;
using Amnre.Jobs.Views;
using Amnre.Jobs.Workers;
using Amnre.Scheduler.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Amnre.Scheduler.Api;

/// <summary>All that pages and command line show and do, as JSON; described in <c>/api/openapi.json</c> and docs/api.md.</summary>
internal static class ApiEndpoints
{
    private const int MaxExperiments = 1000;
    private const int MaxEvents = 1000;
    private const int MaxQueued = 1000;
    private const long LargestPlan = 512L << 20;
    private static readonly TimeSpan PastAllocations = TimeSpan.FromHours(1);

    public static IServiceCollection AddApi(this IServiceCollection services) => services
        .AddForms()
        .ConfigureHttpJsonOptions(options => ApiJson.Configure(options.SerializerOptions))
        .Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true)
        .AddOpenApi(options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new()
            {
                Title = "Amnre",
                Version = ProgramVersion.Text,
                Description = "Errors are problem details (RFC 9457). Tokens: 'Authorization: Bearer …'.",
            };
            document.Servers = [];
            return Task.CompletedTask;
        }));

    public static void MapApi(this IEndpointRouteBuilder app)
    {
        app.MapOpenApi("/api/openapi.json").For(AccessRole.Viewer);
        app.MapProof();
        MapReading(app.MapGroup("/api").For(AccessRole.Viewer));
        MapActing(app.MapGroup("/api").For(AccessRole.Operator));
    }

    private static void MapReading(RouteGroupBuilder api)
    {
        api.MapGet("/access", (HttpContext context) => new AccessAnswer(context.Role(), ProgramVersion.Build));
        api.MapGet("/selection", (string what, Selector selector, CancellationToken cancel) => selector.SelectAsync(what, cancel));
        api.MapGet("/experiments",
            (ExperimentViews views, CancellationToken cancel, int? most) => views.ListAsync(Within(most, MaxExperiments), cancel));
        api.MapGet("/experiments/{id:long}",
            async (long id, ExperimentViews views, CancellationToken cancel) => Of(await views.SnapshotAsync(id, cancel)))
                .Answers<ExperimentSnapshot>();
        api.MapGet("/experiments/{id:long}/document", async (long id, ExperimentViews views, CancellationToken cancel) =>
            await views.DocumentAsync(id, cancel) is { } text ? Results.Text(text, "application/yaml") : Results.NotFound())
            .Produces<string>(StatusCodes.Status200OK, "application/yaml").ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/experiments/{id:long}/files", (long id, FileViews files, CancellationToken cancel) => files.FilesAsync(id, cancel));
        api.MapGet("/experiments/{id:long}/events", (long id, ExperimentViews views, CancellationToken cancel, long? after, int? most) =>
            views.EventsAsync(id, after ?? 0, Within(most, MaxEvents), cancel));
        api.MapGet("/jobs/{id:long}", async (long id, JobViews views, CancellationToken cancel) => Of(await views.JobAsync(id, cancel)))
            .Answers<JobDetail>();
        api.MapGet("/jobs/{id:long}/attempts", (long id, JobViews views, CancellationToken cancel) => views.AttemptsAsync(id, cancel));
        api.MapGet("/jobs/{id:long}/explanation", async (long id, JobViews views, CancellationToken cancel) =>
            Of(await views.FactsAsync(id, cancel) is { } facts ? new ExplainedJob(JobExplanation.Of(facts), facts) : null))
            .Answers<ExplainedJob>();
        api.MapGet("/jobs/{id:long}/log",
            async (long id, LogViews views, CancellationToken cancel, int? attempt, int? tail, string? after) =>
            Of(await views.ReadAsync(id, attempt, Positions(after), tail is < 0
                ? throw new InputException($"tail {tail} is out of range: 0 or more lines") : tail, cancel))).Answers<LogPage>();
        api.MapGet("/jobs/{id:long}/files/{*name}", FileAsync);
        api.MapGet("/events",
            (QueueViews views, CancellationToken cancel, long? after, int? most) => views.EventsSinceAsync(after ?? 0,
                Within(most, MaxEvents), cancel));
        api.MapGet("/queue",
            (QueueViews views, CancellationToken cancel, int? most) => views.QueueAsync(0, Within(most, MaxQueued), cancel));
        api.MapGet("/workers", (ExperimentViews views, CancellationToken cancel) => views.WorkersAsync(cancel));
        api.MapGet("/schedulers", (SchedulerRegistry registry, CancellationToken cancel) => registry.LiveAsync(cancel));
        api.MapGet("/pools", (PoolLedger pools, CancellationToken cancel) => pools.PoolsAsync(cancel));
        api.MapGet("/allocations", (PoolLedger pools, CancellationToken cancel) => pools.AllocationsAsync(PastAllocations, cancel));
    }

    private static void MapActing(RouteGroupBuilder api)
    {
        api.MapPost("/actions",
            (HttpContext context, ActionRequest request, Actions actions, CancellationToken cancel) => actions.DoAsync(request,
                context.Requester(), cancel));
        api.MapPost("/experiments", SubmitAsync).Accepts<PlanDocument>("application/json").Answers<Submitted>();
        api.MapPost("/experiments/extension", ExtendAsync).Accepts<PlanDocument>("application/json").Answers<Submitted>();
    }

    private static async Task<IResult> SubmitAsync(HttpContext context, Submission submission, AuditTrail audit, ArtifactStore store,
        CancellationToken cancel)
    {
        var document = await PlanAsync(context, store, cancel);
        await audit.SubmissionAsync(context.Requester(), document.Plan, cancel);
        // The client's trace continues here; what the web server makes of the request for itself is not part of it.
        using var span = Traces.Continue("receive", ActivityKind.Server, context.Request.Headers.TraceParent);
        var options = new SubmitOptions { Priority = document.Priority, VerifyDigests = document.Verify };
        return Results.Ok(
            await submission.SubmitAsync(document.Plan, document.Owner is { } owner ? options with { Owner = owner } : options, cancel));
    }

    private static async Task<IResult> ExtendAsync(HttpContext context, Extension extension, AuditTrail audit, ArtifactStore store,
        CancellationToken cancel)
    {
        var document = await PlanAsync(context, store, cancel);
        await audit.ExtensionAsync(context.Requester(), document.Plan, cancel);
        return Results.Ok(await extension.ExtendAsync(document.Plan, cancel));
    }

    /// <summary>Plans are the one thing here that may be large.</summary>
    private static async Task<PlanDocument> PlanAsync(HttpContext context, ArtifactStore store, CancellationToken cancel)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = LargestPlan;
        try
        {
            var document = SubmittedPlan.Check(await context.Request.ReadFromJsonAsync<PlanDocument>(cancel)
                ?? throw new InputException("null is no plan"));
            if (ProgramVersion.RefusalOfPlan(document.Build) is { } refusal) throw new InputException(refusal);
            DiskNeed.Require((BigInteger)Math.Max(document.DiskBytes, 0), store.Root);
            return document;
        }
        catch (Exception wrong) when (wrong is System.Text.Json.JsonException or InvalidOperationException)
        {
            throw new InputException($"the plan cannot be read: {wrong.Message}", wrong);
        }
    }

    /// <summary>As bytes to save, never as something for a browser to run.</summary>
    private static async Task<IResult> FileAsync(HttpContext context, long id, string name, FileViews views, ArtifactStore store,
        CancellationToken cancel)
    {
        if (await views.FileAsync(id, name, cancel) is not { } file) return Results.NotFound();
        var path = store.Absolute(file.Path);
        if (!File.Exists(path)) return Results.Problem($"{file.Name} is missing from the store", statusCode: StatusCodes.Status410Gone);
        context.Response.Headers.CacheControl = "no-store";
        return Results.File(path, "application/octet-stream", Path.GetFileName(file.Name), entityTag: new($"\"{file.Sha256}\""),
            enableRangeProcessing: true);
    }

    private static IResult Of<T>(T? value) => value is null ? Results.NotFound() : Results.Ok(value);

    private static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder route) =>
        route.Produces<T>().ProducesProblem(StatusCodes.Status404NotFound);

    private static int Within(int? asked, int most) => asked switch
    {
        null => most,
        < 1 => throw new InputException($"most {asked} is out of range: from 1 to {most}"),
        _ => Math.Min(asked.Value, most),
    };

    /// <summary>What a page of a log said about how to continue: <c>17:4096,18:0</c>.</summary>
    private static Dictionary<long, long> Positions(string? text)
    {
        var positions = new Dictionary<long, long>();
        foreach (var one in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (one.Split(':') is not [var token, var bytes]
                || !long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var key)
                || !long.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                throw new InputException($"after '{text}' is not understood: tokens and positions such as 17:4096,18:0");
            }

            positions[key] = value;
        }

        return positions;
    }
}

/// <summary>Who asks, and whom.</summary>
/// <param name="Role">Of the token that was presented.</param>
/// <param name="Version">Of the scheduler's program.</param>
internal sealed record AccessAnswer(AccessRole Role, string? Version);

/// <summary>Why a job is where it is, and all that this follows from.</summary>
internal sealed record ExplainedJob(JobExplanation Explanation, JobFacts Facts);
