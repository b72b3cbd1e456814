using Amnre.Jobs.Ledger;
using Npgsql;

namespace Amnre.Cli.Studies;

/// <summary>Steps of a run that outlast an outage of its own database: it comes back within seconds, and each step may be done
/// again.</summary>
internal static class Outages
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120), Pause = TimeSpan.FromMilliseconds(500);

    public static async Task<T> OutlastAsync<T>(Func<Task<T>> step, TimeProvider clock, CancellationToken stop)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await step();
            }
            catch (Exception lost) when (IsOutage(lost) && clock.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(Pause, clock, stop);
            }
        }
    }

    public static Task OutlastAsync(Func<Task> step, TimeProvider clock, CancellationToken stop) => OutlastAsync(async () =>
    {
        await step();
        return 0;
    }, clock, stop);

    private static bool IsOutage(Exception lost) => lost switch
    {
        PostgresException refused => refused.IsTransient
            || refused.SqlState
            is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow,
        NpgsqlException or TimeoutException => true,
        LedgerSchemaException { InnerException: { } cause } => IsOutage(cause),
        _ => false,
    };
}
