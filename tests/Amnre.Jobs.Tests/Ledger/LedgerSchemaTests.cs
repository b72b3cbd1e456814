using Amnre.Engine;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Workers;
using Amnre.Testing;
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
        var migrations = typeof(LedgerSchema).Assembly.GetManifestResourceNames()
            .Count(name => name.Contains(".Migrations.", StringComparison.Ordinal));
        Assert.Equal(migrations, await connection.ExecuteScalarAsync<int>("select count(*)::int from amnre.migrations"));
        Assert.Equal(23, await connection.ExecuteScalarAsync<int>("select max(version) from hangfire.schema"));
        foreach (var database in databases)
        {
            await database.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("insert into amnre.migrations (scriptname, applied) values ('Amnre.Jobs.Ledger.Migrations.999_later.sql', now())",
        "999_later.sql")]
    [InlineData("update hangfire.schema set version = 24", "version 24")]
    public async Task A_schema_that_is_newer_than_the_program_is_refused_and_left_as_it_is(string upgrade, string named)
    {
        await ExecuteAsync(upgrade);
        // What an upgrade by this program would do again.
        await ExecuteAsync(
            "delete from amnre.migrations where scriptname like '%020_pages.sql'; drop index amnre.jobs_of_state, amnre.events_of_job");

        var refused = await Assert.ThrowsAsync<InputException>(() => LedgerSchema.MigrateAsync(Database, Cancel));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.Contains($"this is version {ProgramVersion.Text}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Start the version that upgraded it", refused.Message, StringComparison.Ordinal);
        Assert.Null(await ScalarAsync<string>("select to_regclass('amnre.jobs_of_state')::text"));
    }

    /// <summary>Whether it says its version or not: it knows nothing of the later schema.</summary>
    [Fact]
    public async Task A_program_that_would_change_the_schema_under_a_running_scheduler_is_refused_and_goes_on_when_that_has_gone()
    {
        await new SchedulerRegistry(Database).AnnounceAsync("old", "node7", 4711, null, true, null, Cancel);
        await ExecuteAsync(
            "delete from amnre.migrations where scriptname like '%020_pages.sql'; drop index amnre.jobs_of_state, amnre.events_of_job");

        var refused = await Assert.ThrowsAsync<InputException>(() => LedgerSchema.MigrateAsync(Database, Cancel));

        Assert.Contains("in use by a scheduler of an older version (process 4711 on node7)", refused.Message, StringComparison.Ordinal);
        Assert.Contains("020_pages.sql", refused.Message, StringComparison.Ordinal);
        Assert.Null(await ScalarAsync<string>("select to_regclass('amnre.jobs_of_state')::text"));
        await new SchedulerRegistry(Database).LeaveAsync("old", Cancel);
        await LedgerSchema.MigrateAsync(Database, Cancel);
        Assert.NotNull(await ScalarAsync<string>("select to_regclass('amnre.jobs_of_state')::text"));
    }

    [Fact]
    public async Task Migrating_leaves_no_setting_behind_on_the_connections_of_its_pool()
    {
        const int Connections = 3;
        await using var database = LedgerDatabase.Open($"{ConnectionString};Maximum Pool Size={Connections};Options=-c lock_timeout=7s",
            "tests");
        await LedgerSchema.MigrateAsync(database, Cancel);

        for (var i = 0; i < Connections; i++)
        {
            var connection = await database.OpenConnectionAsync(Cancel); // Kept, so that the next is another.
            Assert.Equal("7s", await connection.ExecuteScalarAsync<string>("show lock_timeout"));
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
