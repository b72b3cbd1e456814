using Amnre.Jobs.Artifacts;
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
            // Nothing is left in what is not our store: no folder of logs, no token, and no folder itself.
            Assert.False(Directory.Exists(store),
                string.Join(' ', Directory.Exists(store) ? Directory.EnumerateFileSystemEntries(store) : []));
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

    [Theory]
    [InlineData("scheduler")]
    [InlineData("worker")]
    [InlineData("worker --cpu-workers 2")]
    [InlineData("submit study.yaml")]
    [InlineData("run study.yaml")]
    public async Task Another_store_that_is_there_stays_as_it_was(string line)
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
            var store = Directory.CreateDirectory(Path.Combine(folder, "store")).FullName;
            var id = StoreIdentity.ReadOrMake(store);

            var (code, error) = await RunAsync(connectionString, folder, line, stop);

            Assert.True(code == 2, error);
            Assert.Contains($"it is store {id}", error, StringComparison.Ordinal);
            Assert.Equal(["store.json"], Directory.EnumerateFileSystemEntries(store).Select(Path.GetFileName));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool HasLines(string path) => new FileInfo(path) is { Exists: true, Length: > 0 };

    private static void AssertNotBegun(string store, bool exists)
    {
        string[] found = Directory.Exists(store) ? Directory.GetFileSystemEntries(store, "*", SearchOption.AllDirectories) : [];
        Assert.Empty(found);
        Assert.Equal(exists, Directory.Exists(store));
    }

    /// <summary>As where its file system is unmounted while all are at work.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_store_that_vanishes_under_its_scheduler_and_worker_is_not_begun_again_in_its_place(bool emptyFolderStays)
    {
        var stop = TestContext.Current.CancellationToken;
        var connectionString = await server.NewDatabaseAsync();
        var folder = Directory.CreateTempSubdirectory("amnre-identity-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "study.yaml"), Study, stop);
            var (store, away) = (Path.Combine(folder, "store"), Path.Combine(folder, "away"));
            var environment = new Dictionary<string, string> { ["AMNRE_POSTGRES"] = connectionString, ["AMNRE_STORE"] = store };
            using var scheduler = CommandProcess.StartWith(environment, folder, "scheduler", "--dashboard", "http://127.0.0.1:0");
            using var worker = CommandProcess.StartWith(environment, folder, "worker", "--cpu-workers", "2");
            await using var connection = new NpgsqlConnection(connectionString);
            while (await connection.ExecuteScalarAsync<long>("select count(*) from amnre.workers") < 2) await Task.Delay(100, stop);
            // A store that vanishes between a process' look at it and its first line, while the log's file is being opened, is begun again:
            // all are past that.
            foreach (var one in await connection.QueryAsync<int>("select pid from amnre.workers"))
                while (!HasLines(Path.Combine(store, "logs", $"worker-{one}.log"))) await Task.Delay(100, stop);
            Directory.Move(store, away);
            if (emptyFolderStays) Directory.CreateDirectory(store);

            // Jobs come, and are not done in the wrong place; a worker dies, and its crew starts another.
            using var submit = CommandProcess.StartWith(environment, folder, "submit", "study.yaml", "--store", away);
            var (code, _, error) = await submit.EndAsync(stop);
            Assert.True(code == 0, error);
            while (await connection.ExecuteScalarAsync<long>("select count(*) from amnre.attempts where failure_class = 'infrastructure'")
                == 0) await Task.Delay(100, stop);
            var pid = await connection.ExecuteScalarAsync<int>("select min(pid) from amnre.workers where ended_at is null");
            System.Diagnostics.Process.GetProcessById(pid).Kill();
            await Task.Delay(TimeSpan.FromSeconds(5), stop);

            AssertNotBegun(store, emptyFolderStays);
            worker.Interrupt();
            scheduler.Interrupt();
            await worker.EndAsync(stop);
            await scheduler.EndAsync(stop);
            AssertNotBegun(store, emptyFolderStays);
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
