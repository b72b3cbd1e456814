using Amnre.Jobs.Ledger;
using Amnre.Jobs.Tests.Postgres;
using Dapper;
using Npgsql;

namespace Amnre.Jobs.Tests.Ledger;

public sealed class LedgerSchemaTests(TestServer server) : LedgerTest(server)
{
    [Fact]
    public async Task Several_processes_may_migrate_at_once()
    {
        var connectionString = await Server.EmptyDatabaseAsync();
        var databases = Enumerable.Range(0, 6).Select(_ => LedgerDatabase.Open(connectionString, "tests")).ToList();

        await Task.WhenAll(databases.Select(database => LedgerSchema.MigrateAsync(database, Cancel)));

        await using var connection = await databases[0].OpenConnectionAsync(Cancel);
        var scripts = typeof(LedgerSchema).Assembly.GetManifestResourceNames().Count(name => name.Contains(".Migrations.", StringComparison.Ordinal));
        Assert.Equal(scripts, await connection.ExecuteScalarAsync<int>("select count(*)::int from amnre.migrations"));
        Assert.Equal(23, await connection.ExecuteScalarAsync<int>("select max(version) from hangfire.schema"));
        foreach (var database in databases)
        {
            await database.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("update amnre.jobs set state = 'succeeded', token = 1", "finished_when_terminal")]
    [InlineData("update amnre.jobs set finished_at = now()", "finished_when_terminal")]
    [InlineData("update amnre.jobs set state = 'running'", "token_when_run")]
    [InlineData("update amnre.jobs set unmet = 1", "nothing_unmet_when_runnable")]
    [InlineData("update amnre.jobs set state = 'waiting'", "waiting_for_something")]
    [InlineData("update amnre.jobs set queued_at = now()", "queued_since")]
    [InlineData("update amnre.experiments set state = 'succeeded'", "finished_when_terminal")]
    public async Task The_database_refuses_states_that_cannot_be(string sql, string constraint)
    {
        await SubmitAsync(Plan("e", "job"));

        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(sql));

        Assert.Equal(constraint, refused.ConstraintName);
    }

    [Fact]
    public async Task The_transport_has_the_columns_that_lost_deliveries_are_found_by() =>
        await ExecuteAsync("select jobid, queue, fetchedat from hangfire.jobqueue");
}
