using Amnre.Testing;
using Dapper;
using Npgsql;

namespace Amnre.Cli.Tests.Operations;

/// <summary>A folder that is not the ledger's store, as where it is not mounted, for everybody who touches files.</summary>
public sealed class StoreIdentityTests(TestServer server)
{
    private const string Known = "0123456789abcdef0123456789abcdef";

    private const string Study =
        """
        name: small
        simulator: SLCP
        datasets: { train: { rows: 64, seed: 0 } }
        """;

    [Theory]
    [InlineData("scheduler")]
    [InlineData("worker")]
    [InlineData("worker --cpu-workers 2")]
    [InlineData("submit study.yaml")]
    [InlineData("run study.yaml")]
    [InlineData("gc")]
    public async Task Another_store_is_refused_with_both_named_and_nothing_is_registered(string line)
    {
        var stop = TestContext.Current.CancellationToken;
        var connectionString = await server.NewDatabaseAsync();
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.ExecuteAsync("insert into amnre.store (id, folder, host) values (@Known, '/shared/store', 'node1')",
            new { Known });
        var folder = Directory.CreateTempSubdirectory("amnre-identity-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "study.yaml"), Study, stop);
            var store = Path.Combine(folder, "store");

            var (code, error) = await RunAsync(connectionString, folder, line, stop);

            Assert.True(code == 2, error);
            Assert.Contains($"'{store}' is not the store of this ledger: it has no identity, and the ledger's files are in store {Known} " +
                "('/shared/store' on node1)", error, StringComparison.Ordinal);
            Assert.Contains("amnre store --accept", error, StringComparison.Ordinal);
            Assert.False(File.Exists(Path.Combine(store, "store.json")));
            Assert.Equal(0,
                await connection.ExecuteScalarAsync<long>("select count(*) from amnre.workers")
                    + await connection.ExecuteScalarAsync<long>("select count(*) from amnre.experiments"));

            // What is said is what helps, once the folder is there.
            if (!Directory.Exists(store)) Assert.Equal(2, (await RunAsync(connectionString, folder, "store --accept", stop)).Code);
            Directory.CreateDirectory(store);
            Assert.Equal(0, (await RunAsync(connectionString, folder, "store --accept", stop)).Code);
            Assert.Equal(0, (await RunAsync(connectionString, folder, "gc", stop)).Code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(int Code, string Error)> RunAsync(string connectionString, string folder, string line,
        CancellationToken stop)
    {
        using var process = CommandProcess.StartWith(
            new Dictionary<string, string> { ["AMNRE_POSTGRES"] = connectionString, ["AMNRE_STORE"] = Path.Combine(folder, "store") },
            folder, line.Split(' '));
        var (code, _, error) = await process.EndAsync(stop);
        return (code, error);
    }
}
