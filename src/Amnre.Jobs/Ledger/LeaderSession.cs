using Npgsql;

namespace Amnre.Jobs.Ledger;

/// <summary>A connection of one's own that holds leadership by an advisory lock and hears hints. The database ends the lock with the
/// session, so a session that breaks ends the leadership on both sides.</summary>
public sealed class LeaderSession : IAsyncDisposable
{
    private const long LeaderLock = 0x616d6e7265_02;

    private readonly NpgsqlConnection _connection;

    private LeaderSession(NpgsqlConnection connection) => _connection = connection;

    public static async Task<LeaderSession> OpenAsync(string connectionString, string application, CancellationToken cancel) =>
        new(await LedgerDatabase.OpenSessionAsync(connectionString, application, cancel));

    /// <summary>Becomes the leader and listens for hints, if no other scheduler leads.</summary>
    public async Task<bool> TryLeadAsync(CancellationToken cancel)
    {
        if (!await _connection.ExecuteScalarAsync<bool>(
            $"select pg_try_advisory_lock({LeaderLock})", null, cancel))
        {
            return false;
        }

        await _connection.ExecuteAsync($"listen {LedgerDatabase.Channel}", null, cancel);
        return true;
    }

    /// <summary>Returns at a hint or after <paramref name="atMost"/>, still leading.</summary>
    /// <exception cref="NpgsqlException">The session has ended, and the leadership with it.</exception>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancel)
    {
        await _connection.WaitAsync(atMost, cancel);
        // The lock is held as long as its session answers; this also takes in all hints that wait.
        await _connection.ExecuteAsync("select 1", null, cancel);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
