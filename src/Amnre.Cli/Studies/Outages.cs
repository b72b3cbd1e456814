using Amnre.Jobs.Ledger;

namespace Amnre.Cli.Studies;

/// <summary>Steps of a run that outlast an outage of its own database: it comes back within seconds, and each step may be done
/// again.</summary>
internal static class Outages
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120), Pause = TimeSpan.FromMilliseconds(500);

    public static async Task<T> OutlastAsync<T>(Func<Task<T>> step, TimeProvider clock, CancellationToken stop)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await step();
            }
            catch (Exception lost) when (DatabaseOutage.IsTransient(lost) && clock.GetElapsedTime(began) < Timeout)
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
}
