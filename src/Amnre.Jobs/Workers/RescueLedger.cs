using Amnre.Jobs.Attempts;
using Dapper;
using Npgsql;

namespace Amnre.Jobs.Workers;

/// <inheritdoc cref="IRescueLedger"/>
public sealed class RescueLedger(NpgsqlDataSource database) : IRescueLedger
{
    public async Task<IReadOnlyList<LostAttempt>> RescueAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await AttemptEnds.LoseExpiredAsync(connection, cancel);
    }

    public async Task<int> RetireSilentWorkersAsync(TimeSpan silence, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await connection.ExecuteAsync(new CommandDefinition(
            """
            update amnre.workers w set ended_at = now() where w.ended_at is null and w.heartbeat_at < now() - @silence
              and not exists (select from amnre.attempts a where a.worker = w.id and a.ended_at is null)
            """, new { silence }, cancellationToken: cancel));
    }
}
