using Amnre.Jobs.Ledger;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Amnre.Jobs.Transport;

/// <summary>Listens for hints that something was put into a worker's queues, so that an idle worker need not keep asking.
/// While it cannot listen, it hints once a second itself.</summary>
/// <remarks>The database wakes every session that listens, to whatever it listens, at every hint to anybody: a thousand sessions make each
/// hint cost milliseconds. So a worker that has been busy for a while, which takes its next delivery unasked, does not listen until it
/// waits again.</remarks>
/// <param name="connectionString">Of the ledger's database: hints come over a session of their own.</param>
/// <param name="application">Shown in <c>pg_stat_activity</c>.</param>
public sealed class DeliveryHints(string connectionString, string application, IReadOnlyList<string> queues, TimeProvider clock,
    ILogger<DeliveryHints> logger)
{
    /// <summary>A queue's channel in SQL, of the column <c>queue</c>: no one else is woken.</summary>
    internal const string ChannelSql = "'amnre-queue-' || queue";

    /// <summary>A session that the network swallowed is noticed by then; without a word from it the worker still looks now and
    /// then.</summary>
    private static readonly TimeSpan ProbeAfter = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Stretch = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Of the worker.</summary>
    internal WorkRhythm Rhythm { get; } = new(clock);

    /// <summary>Called at each hint.</summary>
    internal Action Hinted { get; set; } = () => { };

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stop);
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) // Whatever ails the session, hints are only hints.
            {
                logger.LogDebug("No hints of deliveries: {Message}", e.Message);
                await Task.Delay(Pause, clock, stop).ContinueWith(_ => { }, TaskScheduler.Default);
                Hinted();
            }
        }
    }

    private async Task ListenAsync(CancellationToken stop)
    {
        await using var session = await LedgerDatabase.OpenSessionAsync(connectionString, application, stop);
        while (true)
        {
            await session.ExecuteAsync(
                string.Join("; ", queues.Select(queue => $"listen \"amnre-queue-{queue}\"")), null, stop);
            Hinted(); // For what came before.
            await HearAsync(session, stop);
            await session.ExecuteAsync("unlisten *", null, stop);
            await RestAsync(session, stop);
        }
    }

    /// <summary>Until the worker waits for work.</summary>
    private async Task RestAsync(NpgsqlConnection session, CancellationToken stop)
    {
        while (true)
        {
            var turned = Rhythm.Turned; // Before the look: a turn after it is not missed.
            var idle = Rhythm.UntilIdle;
            if (idle == TimeSpan.Zero) return;
            await turned.WaitAsync(idle ?? ProbeAfter, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!turned.IsCompleted) await TouchAsync(session, stop);
        }
    }

    /// <summary>Listens for hints until the worker has been busy for a while.</summary>
    private async Task HearAsync(NpgsqlConnection session, CancellationToken stop)
    {
        var quiet = TimeSpan.Zero;
        while (Rhythm.UntilBusy != TimeSpan.Zero)
        {
            // In short waits: one that is called off just as it begins may not notice.
            if (await session.WaitAsync(Stretch, stop))
            {
                Hinted();
                quiet = TimeSpan.Zero;
            }
            else if ((quiet += Stretch) >= ProbeAfter)
            {
                await TouchAsync(session, stop);
                quiet = TimeSpan.Zero;
            }
        }
    }

    private static Task<int> TouchAsync(NpgsqlConnection session, CancellationToken stop) =>
        session.ExecuteAsync("select 1", null, stop);
}
