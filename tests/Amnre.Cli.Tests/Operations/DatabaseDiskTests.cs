using Amnre.Testing;
using Npgsql;

namespace Amnre.Cli.Tests.Operations;

/// <summary>A database server whose disk is full says so by its code, whatever the language of its sentence.</summary>
public sealed class DatabaseDiskTests(TestServer server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-database-disk-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_full_disk_of_the_server_is_named_with_its_remedy_and_exit_code_1()
    {
        var environment = new Dictionary<string, string>
        {
            ["AMNRE_POSTGRES"] = await server.NewDatabaseAsync(),
            ["AMNRE_STORE"] = Path.Combine(_folder, "store"),
        };
        await File.WriteAllTextAsync(Path.Combine(_folder, "study.yaml"),
            "name: small\nsimulator: SLCP\ndatasets:\n  train: { rows: 4096, seed: 0 }\n", Stop);
        await using (var database = NpgsqlDataSource.Create(environment["AMNRE_POSTGRES"]))
        {
            await using var fill = database.CreateCommand(
                """
                create function fill() returns trigger language plpgsql as
                $$ begin raise exception 'kein Platz' using errcode = 'disk_full'; end $$;
                create trigger fill before insert on amnre.experiments for each statement execute function fill();
                """);
            await fill.ExecuteNonQueryAsync(Stop);
        }

        using var submit = CommandProcess.StartWith(environment, _folder, "submit", "study.yaml");
        var (code, output, error) = await submit.EndAsync(Stop);

        Assert.Equal((1, ""), (code, output));
        Assert.Equal("amnre: the disk of the database is full: make room on the disk that its server writes to, and start again; what " +
            "was committed is kept", error.Trim());
    }
}
