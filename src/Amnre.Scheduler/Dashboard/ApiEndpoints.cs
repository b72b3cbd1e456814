using System.Text.Json;
using System.Text.Json.Serialization;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Dispatch;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Amnre.Scheduler.Dashboard;

/// <summary>The same facts as JSON, to read only; and a health probe.</summary>
internal static class ApiEndpoints
{
    private const int MostExperiments = 1000;
    private const int MostEvents = 1000;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static void MapApi(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/experiments", async (ExperimentViews views, CancellationToken cancel) => Of(await views.ListAsync(MostExperiments, cancel)));
        app.MapGet("/api/experiments/{id:long}", async (long id, ExperimentViews views, CancellationToken cancel) => Of(await views.SnapshotAsync(id, cancel)));
        app.MapGet("/api/experiments/{id:long}/files", async (long id, ExperimentViews views, CancellationToken cancel) => Of(await views.FilesAsync(id, cancel)));
        app.MapGet("/api/experiments/{id:long}/events", async (long id, long? after, ExperimentViews views, CancellationToken cancel) =>
            Of(await views.EventsAsync(id, after ?? 0, MostEvents, cancel)));
        app.MapGet("/api/jobs/{id:long}/attempts", async (long id, ExperimentViews views, CancellationToken cancel) => Of(await views.AttemptsAsync(id, cancel)));
        app.MapGet("/api/workers", async (ExperimentViews views, CancellationToken cancel) => Of(await views.WorkersAsync(cancel)));
        app.MapGet("/health", HealthAsync);
    }

    private static IResult Of<T>(T? value) => value is null ? Results.NotFound() : Results.Json(value, Json);

    private static async Task<IResult> HealthAsync(NpgsqlDataSource database, SchedulerLoop loop, CancellationToken cancel)
    {
        try
        {
            await LedgerDatabase.PingAsync(database, cancel);
            return Results.Json(new { Database = "reachable", Leader = loop.IsLeader }, Json);
        }
        catch (NpgsqlException)
        {
            return Results.Json(new { Database = "out of reach", Leader = loop.IsLeader }, Json, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
