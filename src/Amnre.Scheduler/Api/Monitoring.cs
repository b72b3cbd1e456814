using Amnre.Jobs.Ledger;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Access;
using Amnre.Scheduler.Dispatch;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Amnre.Scheduler.Api;

/// <summary>What monitoring asks: is it alive, can it do its work, and how much of what there is.</summary>
internal static class Monitoring
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public static void MapMonitoring(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => new { Status = "alive" }).For(AccessRole.None);
        app.MapGet("/health/ready", ReadyAsync).For(AccessRole.None);
        app.MapGet("/health", ReadyAsync).For(AccessRole.None).ExcludeFromDescription();
        app.MapGet("/metrics", MetricsAsync).For(AccessRole.Viewer).ExcludeFromDescription();
    }

    private static async Task<IResult> ReadyAsync(NpgsqlDataSource database, SchedulerLoop loop, CancellationToken cancel)
    {
        try
        {
            await LedgerDatabase.PingAsync(database, cancel);
            return Results.Ok(new HealthAnswer("reachable", loop.IsLeader));
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return Results.Json(new HealthAnswer("out of reach", loop.IsLeader), statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<IResult> MetricsAsync(NpgsqlDataSource database, SchedulerLoop loop, SchedulerCounts counts,
        CancellationToken cancel)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(Timeout);
        LedgerFigures? figures = null;
        try
        {
            figures = await LedgerFigures.ReadAsync(database, timeout.Token);
        }
        catch (Exception e)
        when (e is NpgsqlException or TimeoutException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            // What this process knows itself is told all the same; amnre_database_up says that the rest is missing.
        }

        return Results.Text(MetricsText.Of(figures, counts, loop.IsLeader), "text/plain; version=0.0.4", System.Text.Encoding.UTF8);
    }
}

/// <summary>How a scheduler is.</summary>
/// <param name="Database">Whether it answers.</param>
/// <param name="Leader">Whether this scheduler leads; null where that was not asked.</param>
internal sealed record HealthAnswer(string Database, bool? Leader);
