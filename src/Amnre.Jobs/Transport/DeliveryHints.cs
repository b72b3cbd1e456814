using Amnre.Jobs.Ledger;
using Dapper;
using Microsoft.Extensions.Logging;

namespace Amnre.Jobs.Transport;

/// <summary>Listens for hints that something was put into a worker's queues, so that an idle worker need not keep asking.
/// While it cannot listen, it hints once a second itself.</summary>
/// <param name="connectionString">Of the ledger's database: hints come over a session of their own.</param>
/// <param name="application">Shown in <c>pg_stat_activity</c>.</param>
public sealed class DeliveryHints(string connectionString, string application, IReadOnlyList<string> queues, TimeProvider clock, ILogger<DeliveryHints> logger)
{
    /// <summary>A queue's channel in SQL, of the column <c>queue</c>: no one else is woken.</summary>
    internal const string ChannelSql = "'amnre-queue-' || queue";

    /// <summary>A session that the network swallowed is noticed by then; without a word from it the worker still looks now and then.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

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
        await session.ExecuteAsync(new CommandDefinition(string.Join("; ", queues.Select(queue => $"listen \"amnre-queue-{queue}\"")), cancellationToken: stop));
        Hinted(); // For what came before.
        while (true)
        {
            if (await session.WaitAsync(Silence, stop)) Hinted();
            else await session.ExecuteAsync(new CommandDefinition("select 1", cancellationToken: stop));
        }
    }
}
