using Amnre.Jobs.Ledger;
using Amnre.Jobs.Tests.Postgres;
using Dapper;
using Npgsql;

namespace Amnre.Cli.Tests.Operations;

public sealed class VersionTests(TestServer server)
{
    [Theory]
    [InlineData("scheduler")]
    [InlineData("worker")]
    [InlineData("status")]
    [InlineData("cancel study")]
    public async Task A_database_that_a_newer_program_upgraded_is_refused_by_every_part_with_the_version_and_the_remedy(string line)
    {
        var (code, error) = await RunAsync(line, "insert into amnre.migrations (scriptname, applied) values ('Amnre.Jobs.Ledger.Migrations.999_later.sql', now())");

        Assert.Equal(2, code);
        Assert.Contains("upgraded by a newer amnre: its schema is at 999_later.sql", error, StringComparison.Ordinal);
        Assert.Contains($"this is version {ProgramVersion.Text}", error, StringComparison.Ordinal);
        Assert.Contains("Start the version that upgraded it", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("worker")]
    public async Task A_schema_that_is_another_programs_is_refused_with_the_migration_and_without_a_trace_of_calls(string line)
    {
        var (code, error) = await RunAsync(line, "drop schema amnre cascade; create schema amnre; create table amnre.workers (other int)");

        Assert.Equal(1, code);
        Assert.Contains("migration 001_ledger.sql failed", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_of_another_version_than_the_scheduler_is_refused_and_does_not_register()
    {
        var (code, error) = await RunAsync("worker",
            "insert into amnre.schedulers (id, host, pid, leader, heartbeat_at, version) values ('s', 'host', 1, true, now() + interval '1 minute', '99.0.0')",
            "select count(*) from amnre.workers", 0);

        Assert.Equal(2, code);
        Assert.Contains($"this worker is version {ProgramVersion.Text}, but the scheduler of its ledger is version 99.0.0", error, StringComparison.Ordinal);
        Assert.Contains("start the version that the scheduler has", error, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Error)> RunAsync(string line, string before, string? count = null, long expected = 0)
    {
        var stop = TestContext.Current.CancellationToken;
        var connectionString = await server.NewDatabaseAsync();
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.ExecuteAsync(before);
        var folder = Directory.CreateTempSubdirectory("amnre-version-").FullName;
        try
        {
            using var process = CommandProcess.StartWith(
                new Dictionary<string, string> { ["AMNRE_POSTGRES"] = connectionString, ["AMNRE_STORE"] = Path.Combine(folder, "store") }, folder, line.Split(' '));
            var (code, _, error) = await process.EndAsync(stop);
            if (count is not null) Assert.Equal(expected, await connection.ExecuteScalarAsync<long>(count));
            return (code, error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
