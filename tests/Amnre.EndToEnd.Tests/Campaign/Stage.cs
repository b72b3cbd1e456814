using System.Diagnostics;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Postgres;
using Dapper;
using Npgsql;

namespace Amnre.EndToEnd.Tests.Campaign;

/// <summary>A database, a store on a small disk of its own, schedulers and workers as real processes; whoever ends is followed by
/// another.</summary>
internal sealed class Stage : IAsyncDisposable
{
    /// <summary>Short, so that much can happen in a minute.</summary>
    public const double LeaseSeconds = 5;

    private const int DiskMegabytes = 192;

    private readonly List<PrivatePostgres> _servers = [];
    private readonly List<AmnreProcess> _ended = [];
    private readonly CutNetwork? _network;
    private readonly Relay? _relay;
    private readonly string _remote = "";
    private int _named;

    private Stage(string folder, PrivatePostgres server, CutNetwork? network, string? noDisk, string? noNetwork)
    {
        (Folder, _network, NoDisk, NoNetwork) = (folder, network, noDisk, noNetwork);
        _servers.Add(server);
        Database = LedgerDatabase.Open(server.ConnectionString, "campaign");
        if (network is null) return;
        var settings = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        _relay = new Relay(network.Address, Path.Combine(settings.Host!, $".s.PGSQL.{settings.Port}"));
        _remote = new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            Host = $"{network.Address}",
            Port = _relay.Port,
        }.ConnectionString;
    }

    public string Folder { get; }

    public string Store => Path.Combine(Folder, "store");

    public NpgsqlDataSource Database { get; }

    /// <summary>Why the disk cannot be filled; null when it can.</summary>
    public string? NoDisk { get; }

    /// <summary>Why no network can be cut; null when one can.</summary>
    public string? NoNetwork { get; }

    public List<(string Id, AmnreProcess Process)> Workers { get; } = [];

    /// <summary>The worker in a network of its own; null when there is none.</summary>
    public string? Remote { get; private set; }

    public AmnreProcess? Scheduler { get; private set; }

    public string ConnectionString => _servers[0].ConnectionString;

    public static async Task<Stage> OpenAsync(CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("amnre-campaign-").FullName;
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute);
        var store = Directory.CreateDirectory(Path.Combine(folder, "store")).FullName;
        var noDisk = Environment.IsPrivilegedProcess
            ? SystemCommand.Try("mount", "-t", "tmpfs", "-o", $"size={DiskMegabytes}m", "tmpfs", store) : "a disk of its own needs root";
        var (network, noNetwork) = CutNetwork.Open();
        var server = await PrivatePostgres.StartAsync(Path.Combine(folder, "postgres"), null, stop);
        return new Stage(folder, server, network, noDisk, noNetwork);
    }

    public void StartScheduler()
    {
        if (Scheduler is not null) _ended.Add(Scheduler);
        Scheduler = AmnreProcess.StartOn(ConnectionString, null, "scheduler", "--store", Store, "--dashboard", "http://127.0.0.1:0");
    }

    public void StartWorker() => StartWorker(remote: false);

    /// <summary>In a network of its own where there can be one.</summary>
    public void StartRemoteWorker() => StartWorker(remote: _network is not null);

    /// <summary>Starts another for each that has ended.</summary>
    public void Replace()
    {
        foreach (var ended in Workers.Where(worker => worker.Process.HasExited).ToList())
        {
            Workers.Remove(ended);
            _ended.Add(ended.Process);
            StartWorker(ended.Id == Remote);
        }

        if (Scheduler is { HasExited: true }) StartScheduler();
    }

    public void Cut() => _network!.Cut();

    public void Mend() => _network!.Mend();

    /// <summary>Ends the server as a crash of its machine would, apart from the disk's own caches.</summary>
    public async Task CrashPostgresAsync(CancellationToken stop)
    {
        await using (var connection = await Database.OpenConnectionAsync(stop))
        {
            var data = await connection.QuerySingleAsync<string>("show data_directory");
            Process.GetProcessById(int.Parse((await File.ReadAllLinesAsync(Path.Combine(data, "postmaster.pid"), stop))[0])).Kill();
        }

        await Task.Delay(TimeSpan.FromSeconds(1), stop);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                _servers.Add(await PrivatePostgres.JoinAsync(Path.Combine(Folder, "postgres"), null, stop));
                return;
            }
            catch (Exception e) when (attempt < 20 && e is ServerTroubleException or NpgsqlException)
            {
                // Orphans of the old server still hold its memory.
                await Task.Delay(TimeSpan.FromSeconds(0.5), stop);
            }
        }
    }

    /// <summary>Leaves no byte free on the store's disk.</summary>
    public void FillDisk()
    {
        using var ballast = new FileStream(Path.Combine(Store, "ballast"), FileMode.Create);
        var block = new byte[1 << 16];
        try
        {
            while (true)
            {
                ballast.Write(block);
                ballast.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void FreeDisk() => File.Delete(Path.Combine(Store, "ballast"));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Workers.Select(worker => worker.Process).Concat(_ended)) process.Dispose();
        Scheduler?.Dispose();
        await Database.DisposeAsync();
        if (_relay is not null) await _relay.DisposeAsync();
        _network?.Dispose();
        foreach (var server in _servers.AsEnumerable().Reverse()) await server.DisposeAsync();
        if (NoDisk is null) SystemCommand.Try("umount", "-l", Store);
        Directory.Delete(Folder, recursive: true);
    }

    public string Printed() =>
        string.Join('\n', _ended.Concat(Workers.Select(worker => worker.Process)).Append(Scheduler!).Select(process => process.Printed));

    private void StartWorker(bool remote)
    {
        var id = $"w{++_named}";
        if (remote) Remote = id;
        Workers.Add((id, AmnreProcess.StartOn(remote ? _remote : ConnectionString, remote ? _network!.Name : null,
            "worker", "--store", Store, "--id", id, "--lease", $"{LeaseSeconds}")));
    }
}
