using Amnre.Engine;
using Npgsql;

namespace Amnre.Jobs.Ledger;

/// <summary>What may stand between this program and PostgreSQL: PgBouncer, say. The ledger's locks and hints belong to a session, so one
/// that hands a session to another client after each transaction breaks them.</summary>
public static class Pooler
{
    private const string ProtocolViolation = "08P01";

    /// <summary>Whether there is one: the number that a connection was greeted with is not that of the process which serves it.</summary>
    public static async Task<bool> IsBetweenAsync(NpgsqlConnection connection, CancellationToken cancel) =>
        await ServedByAsync(connection, cancel) != connection.ProcessID;

    /// <exception cref="InputException">There is one that keeps no sessions.</exception>
    public static async Task RequireSessionsAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        if (!await IsBetweenAsync(connection, cancel) || await KeepsSessionsAsync(database, connection, cancel)) return;
        throw new InputException(
            $"a pooler (PgBouncer) stands before the database at {connection.Host}:{connection.Port} and " +
            "gives a session away after each transaction, while the ledger's locks and hints need sessions: "
            + "set pool_mode = session for this database there, or name PostgreSQL's own address");
    }

    /// <summary>Two that are connected at once share no process, and neither changes it, where sessions are kept.</summary>
    private static async Task<bool> KeepsSessionsAsync(NpgsqlDataSource database, NpgsqlConnection first, CancellationToken cancel)
    {
        try
        {
            await using var second = await database.OpenConnectionAsync(cancel);
            var before = await ServedByAsync(first, cancel);
            // Within its transaction it keeps a process to itself: that of the first where none belongs to the first.
            await using var transaction = await second.BeginTransactionAsync(cancel);
            return await ServedByAsync(second, cancel) != before && await ServedByAsync(first, cancel) == before;
        }
        catch (PostgresException refused) when (refused.SqlState == ProtocolViolation)
        {
            return false; // A pooler by statements has no transactions at all.
        }
    }

    private static Task<int> ServedByAsync(NpgsqlConnection connection, CancellationToken cancel) =>
        connection.ExecuteScalarAsync<int>("select pg_backend_pid()", null, cancel);
}
