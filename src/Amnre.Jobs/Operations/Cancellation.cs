using Amnre.Jobs.Ledger;
using Dapper;
using Npgsql;

namespace Amnre.Jobs.Operations;

/// <summary>Asks for an experiment to be given up: what has not started never will, what runs is stopped; what is published
/// stays.</summary>
public sealed class Cancellation(NpgsqlDataSource database)
{
    /// <returns>False when the experiment is unknown or has ended.</returns>
    public async Task<bool> CancelAsync(long experimentId, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            """
            with asked as (
              update amnre.experiments set cancel_requested_at = coalesce(cancel_requested_at, now())
              where id = @experimentId and state = 'running' returning pg_notify(@Channel, 'cancel'))
            select exists (select from asked)
            """, new { experimentId, LedgerDatabase.Channel }, cancellationToken: cancel));
    }
}
