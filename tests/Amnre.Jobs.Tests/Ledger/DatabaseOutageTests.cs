using Amnre.Jobs.Ledger;
using Amnre.Testing;
using Npgsql;

namespace Amnre.Jobs.Tests.Ledger;

public sealed class DatabaseOutageTests(TestServer server) : LedgerTest(server)
{
    /// <summary>A server that stops ends the sessions of a worker that is about to publish: it must ask again, not give up.</summary>
    [Fact]
    public async Task A_session_that_the_server_ended_is_an_outage()
    {
        var ended = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync("select pg_terminate_backend(pg_backend_pid())"));

        Assert.Equal(PostgresErrorCodes.AdminShutdown, ended.SqlState);
        Assert.True(DatabaseOutage.IsTransient(ended));
    }

    [Fact]
    public async Task A_refusal_is_none()
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync("select * from amnre.nothing"));
        await using var unknown = LedgerDatabase.Open(
            new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "nothing" }.ConnectionString, "tests");
        var closed = await Assert.ThrowsAsync<PostgresException>(() => LedgerDatabase.PingAsync(unknown, Cancel));

        Assert.False(DatabaseOutage.IsTransient(refused));
        Assert.False(DatabaseOutage.IsTransient(closed));
        Assert.False(DatabaseOutage.IsTransient(new InvalidOperationException()));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_an_outage()
    {
        await using var gone = LedgerDatabase.Open("Host=127.0.0.1;Port=1;Username=u;Database=d", "tests");

        Assert.True(DatabaseOutage.IsTransient(await Assert.ThrowsAnyAsync<NpgsqlException>(() => LedgerDatabase.PingAsync(gone, Cancel))));
        Assert.True(DatabaseOutage.IsTransient(new TimeoutException()));
    }
}
