using Amnre.Jobs.Ledger;
using Amnre.Testing;
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
        var (code, error) = await RunAsync(line,
            "insert into amnre.migrations (scriptname, applied) values ('Amnre.Jobs.Ledger.Migrations.999_later.sql', now())");

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
            "insert into amnre.schedulers (id, host, pid, leader, heartbeat_at, version) values ('s', 'host', 1, true, now() + interval " +
                "'1 minute', '99.0.0')",
            "select count(*) from amnre.workers", 0);

        Assert.Equal(2, code);
        Assert.Contains($"this worker is version {ProgramVersion.Text}+", error, StringComparison.Ordinal);
        Assert.Contains("but the scheduler of its ledger is version 99.0.0", error, StringComparison.Ordinal);
        Assert.Contains("start the version that the scheduler has", error, StringComparison.Ordinal);
    }

    /// <summary>Another commit has the same number; and who says nothing is of another version.</summary>
    [Theory]
    [InlineData("worker", "'0.1.0'")]
    [InlineData("worker --cpu-workers 2", "'0.1.0+000000000000'")]
    [InlineData("worker", "null")]
    [InlineData("scheduler", "'0.1.0+000000000000'")]
    public async Task Another_build_of_the_same_number_is_refused(string line, string version)
    {
        var (code, error) = await RunAsync(line,
            "insert into amnre.schedulers (id, host, pid, leader, heartbeat_at, version) values ('s', 'host', 1, true, now() + interval " +
                $"'1 minute', {version})",
            "select count(*) from amnre.workers", 0);

        Assert.Equal(2, code);
        Assert.Contains($"this {line.Split(' ')[0]} is version {ProgramVersion.Text}+", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_is_the_build_that_workers_and_schedulers_compare()
    {
        var folder = Directory.CreateTempSubdirectory("amnre-version-").FullName;
        using var process = CommandProcess.StartWith(new Dictionary<string, string>(), folder, "--version");
        var (code, output, _) = await process.EndAsync(TestContext.Current.CancellationToken);
        Directory.Delete(folder, recursive: true);

        Assert.Equal(0, code);
        Assert.Matches(@"^\d+\.\d+\.\d+\+[0-9a-f]{12}( \(commit [0-9a-f]{12}\))?\s*$", output);
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
                new Dictionary<string, string> { ["AMNRE_POSTGRES"] = connectionString, ["AMNRE_STORE"] = Path.Combine(folder, "store") },
                folder, line.Split(' '));
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
