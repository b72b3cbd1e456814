using System.Security.Cryptography;
using System.Text;
using Amnre.Engine;
using CliWrap;
using CliWrap.Buffered;
using Npgsql;

namespace Amnre.Jobs.Postgres;

/// <summary>A PostgreSQL server that belongs to one store: made on first use, reachable through a Unix socket only,
/// with durable writes. One process may own it, any number may join; the last that leaves stops it. A server that crashed users
/// left behind is taken over.</summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private const string Role = "amnre";
    private const string Database = "amnre";

    /// <summary>The socket needs a port number for its file name; no network port is opened.</summary>
    private const int Port = 5432;

    /// <summary>Enough for some tens of workers on the machine that it runs on.</summary>
    private const int UsualConnections = 300;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private readonly ServerAccount _account;
    private readonly PostgresBinaries _binaries;
    private readonly string _cluster;
    private readonly string _log;
    private readonly string _folder;
    private readonly ServerLock? _owner;
    private readonly ServerLock _user;
    private readonly int _connections;

    private PrivatePostgres(
        ServerAccount account, PostgresBinaries binaries, string cluster, string log, string folder, ServerLock? owner, ServerLock user, string connectionString,
        int connections)
    {
        (_account, _binaries, _cluster, _log, _folder, _owner, _user, _connections) = (account, binaries, cluster, log, folder, owner, user, connections);
        ConnectionString = connectionString;
    }

    /// <summary>Holds a password: hand it on through the environment, never through arguments or logs.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts the server of <paramref name="folder"/>, making it first when there is none.</summary>
    /// <param name="folder">Belongs to the server alone; one process may hold it at a time.</param>
    /// <param name="binariesFolder">Where PostgreSQL's programs are; null looks for them.</param>
    /// <param name="stop">Gives up waiting; a server that was already started goes on until the next call.</param>
    /// <param name="connections">Most at once.</param>
    /// <exception cref="InputException">Held by another process, no binaries, wrong version, or the server does not start.</exception>
    public static async Task<PrivatePostgres> StartAsync(string folder, string? binariesFolder, CancellationToken stop, int connections = UsualConnections)
    {
        folder = Path.GetFullPath(folder);
        Directory.CreateDirectory(folder);
        var owner = ServerLock.Owner(folder) ?? throw new InputException(
            $"The store's database in {folder} is in use by another amnre. Wait for it to end, or choose another store with --store.");
        try
        {
            return await EnterAsync(folder, binariesFolder, owner, connections, stop);
        }
        catch
        {
            await owner.DisposeAsync();
            throw;
        }
    }

    /// <summary>Uses the server of <paramref name="folder"/> beside whoever owns it, starting it when it does not run.</summary>
    /// <param name="folder">The server's folder.</param>
    /// <param name="binariesFolder">Where PostgreSQL's programs are; null looks for them.</param>
    /// <param name="stop">Gives up waiting.</param>
    /// <exception cref="InputException">No binaries, wrong version, or the server does not start.</exception>
    public static Task<PrivatePostgres> JoinAsync(string folder, string? binariesFolder, CancellationToken stop)
    {
        folder = Path.GetFullPath(folder);
        Directory.CreateDirectory(folder);
        return EnterAsync(folder, binariesFolder, owner: null, UsualConnections, stop);
    }

    /// <summary>Connections enough for so many workers, each of which keeps some five open, and for everybody else.</summary>
    public static int ConnectionsFor(int workers) => Math.Max(UsualConnections, 100 + (6 * workers));

    /// <summary>Whether a server was ever made in <paramref name="folder"/>.</summary>
    public static bool Exists(string folder) => File.Exists(Path.Combine(folder, "password"));

    /// <summary>How to reach the server of <paramref name="folder"/> if it seems to run now; starts nothing and waits for nothing.</summary>
    public static string? RunningIn(string folder)
    {
        folder = Path.GetFullPath(folder);
        if (!Exists(folder)) return null;
        var account = ServerAccount.Choose();
        var socket = Socket(Path.Combine(Home(folder, account), "cluster"));
        return File.Exists(Path.Combine(socket, $".s.PGSQL.{Port}")) ? Connection(socket, Password(folder)) : null;
    }

    private static async Task<PrivatePostgres> EnterAsync(string folder, string? binariesFolder, ServerLock? owner, int connections, CancellationToken stop)
    {
        await using var door = await ServerLock.DoorAsync(folder, stop);
        var user = ServerLock.User(folder);
        try
        {
            var account = ServerAccount.Choose();
            var home = Home(folder, account);
            var cluster = Path.Combine(home, "cluster");
            var binaries = PostgresBinaries.Find(binariesFolder, MadeBy(cluster));
            var password = Password(folder);
            if (!Directory.Exists(cluster)) await InitialiseAsync(account, binaries, home, cluster, password, stop);

            var log = Path.Combine(home, "postgres.log");
            var socket = Socket(cluster);
            account.OwnFolder(socket);
            var server = new PrivatePostgres(account, binaries, cluster, log, folder, owner, user, Connection(socket, password), connections);
            await server.OpenAsync(socket, stop);
            return server;
        }
        catch
        {
            await user.DisposeAsync();
            throw;
        }
    }

    /// <summary>Leaves, and stops the server when nobody else uses it; what was committed is on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await using var door = await ServerLock.DoorAsync(_folder, CancellationToken.None);
        await _user.DisposeAsync();
        if (ServerLock.IsUnused(_folder)) await StopAsync();
        if (_owner is not null) await _owner.DisposeAsync();
    }

    private async Task StopAsync()
    {
        var fast = await ControlAsync(["stop", "-m", "fast", "-w", "-t", Seconds(StopTimeout)], CancellationToken.None);
        // An immediate stop loses nothing: the next start recovers from the write-ahead log.
        if (fast.ExitCode != 0) await ControlAsync(["stop", "-m", "immediate", "-w"], CancellationToken.None);
        var socket = new DirectoryInfo(Socket(_cluster));
        if (socket.Exists && !socket.EnumerateFileSystemInfos().Any()) socket.Delete();
    }

    /// <summary>Where the server's own files go: a folder of its account inside the given one, or, when we are root and the server's account cannot reach it
    /// (a store below /root, say), a folder below /var/lib named after it.</summary>
    private static string Home(string folder, ServerAccount account)
    {
        var home = account.CanEnter(folder) ? Path.Combine(folder, "server") : $"/var/lib/amnre/{Digest(folder)}";
        account.OwnFolder(home);
        return home;
    }

    /// <summary>A socket's path holds at most 107 characters, so it lives neither in the store nor in a long TMPDIR.</summary>
    private static string Socket(string cluster) => $"/tmp/amnre-{Digest(cluster)}";

    private static string Connection(string socket, string password) => new NpgsqlConnectionStringBuilder
    {
        Host = socket,
        Port = Port,
        Username = Role,
        Password = password,
        Database = Database,
        Timeout = 15,
        CommandTimeout = 60,
        // One text for every process: Hangfire and our ledger then share a pool.
        ApplicationName = "amnre",
    }.ConnectionString;

    private static int? MadeBy(string cluster)
    {
        var file = Path.Combine(cluster, "PG_VERSION");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file), out var version) ? version : null;
    }

    private static string Password(string folder)
    {
        var file = Path.Combine(folder, "password");
        if (File.Exists(file)) return File.ReadAllText(file);
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var stream = new FileStream(file + ".new", options))
        {
            stream.Write(Encoding.ASCII.GetBytes(password));
            stream.Flush(flushToDisk: true);
        }

        File.Move(file + ".new", file);
        return password;
    }

    /// <summary>Makes the cluster aside and renames it, so that a killed first start leaves nothing half made.</summary>
    private static async Task InitialiseAsync(
        ServerAccount account, PostgresBinaries binaries, string home, string cluster, string password, CancellationToken stop)
    {
        var work = Path.Combine(home, "cluster.new");
        if (Directory.Exists(work)) Directory.Delete(work, recursive: true);
        account.OwnFolder(work);
        var passwordFile = Path.Combine(work, "pw");
        var data = Path.Combine(work, "data");
        account.OwnFolder(data);
        await File.WriteAllTextAsync(passwordFile, password, stop);
        var (program, arguments) = account.Command(binaries.Initdb, "--pgdata", data, "--username", Role, "--pwfile", passwordFile,
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--data-checksums");
        var result = await RunAsync(program, arguments, home, stop);
        File.Delete(passwordFile);
        if (result.ExitCode != 0)
            throw new InputException($"initdb could not make a database in {home}: {result.StandardError.Trim()}");
        Directory.Move(data, cluster);
        Directory.Delete(work, recursive: true);
    }

    /// <summary>Starts what does not run. A server found on its way down, as one is whose last user was killed while stopping it,
    /// is waited for and started again; one on its way up is waited for.</summary>
    private async Task OpenAsync(string socket, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(StartTimeout);
        while (true)
        {
            await LaunchAsync(socket, stop);
            try
            {
                await EnsureDatabaseAsync(stop);
                return;
            }
            catch (NpgsqlException busy) when (busy.SqlState is null or PostgresErrorCodes.CannotConnectNow)
            {
                if (limit.IsCancellationRequested)
                    throw new InputException($"The store's database runs but takes no connections at {socket}: {busy.Message}. Its log {_log} says why.", busy);
                await Task.Delay(LookEvery, TimeProvider.System, stop);
            }
        }
    }

    private async Task LaunchAsync(string socket, CancellationToken stop)
    {
        // 0 = running: a crashed owner left it behind; its socket and password are ours.
        var status = await ControlAsync(["status"], stop);
        if (status.ExitCode == 0) return;

        var settings = string.Join(' ',
            "-c listen_addresses=''", $"-c unix_socket_directories='{socket}'", $"-c port={Port}", "-c fsync=on",
            "-c full_page_writes=on", "-c synchronous_commit=on", $"-c max_connections={_connections}", "-c timezone=UTC", "-c log_timezone=UTC");
        var start = await ControlAsync(["start", "-w", "-t", Seconds(StartTimeout), "-l", _log, "-o", settings], stop);
        if (start.ExitCode != 0)
        {
            var tail = File.Exists(_log) ? string.Join('\n', (await File.ReadAllLinesAsync(_log, stop)).TakeLast(5)) : start.StandardError;
            throw new InputException($"PostgreSQL did not start (see {_log}):\n{tail}");
        }
    }

    private async Task EnsureDatabaseAsync(CancellationToken stop)
    {
        var builder = new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "postgres", Pooling = false };
        await using var connection = new NpgsqlConnection(builder.ConnectionString);
        await connection.OpenAsync(stop);
        await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection);
        exists.Parameters.AddWithValue(Database);
        if (await exists.ExecuteScalarAsync(stop) is not null) return;
        await using var create = new NpgsqlCommand($"create database {Database}", connection);
        await create.ExecuteNonQueryAsync(stop);
    }

    private Task<BufferedCommandResult> ControlAsync(string[] arguments, CancellationToken stop)
    {
        var (program, all) = _account.Command(_binaries.Ctl, [.. arguments, "--pgdata", _cluster]);
        return RunAsync(program, all, Path.GetDirectoryName(_cluster)!, stop);
    }

    private static async Task<BufferedCommandResult> RunAsync(
        string program, string[] arguments, string workingFolder, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(StartTimeout + TimeSpan.FromSeconds(30));
        return await CliWrap.Cli.Wrap(program)
            .WithArguments(arguments)
            .WithWorkingDirectory(workingFolder)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(limit.Token);
    }

    private static string Seconds(TimeSpan time) => $"{(int)time.TotalSeconds}";

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}
