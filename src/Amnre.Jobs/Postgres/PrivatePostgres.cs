using System.Security.Cryptography;
using System.Text;
using Amnre.Engine;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Logs;
using Npgsql;

namespace Amnre.Jobs.Postgres;

/// <summary>A PostgreSQL server that belongs to one store: made on first use, reachable through a Unix socket only,
/// with durable writes. One process may own it, any number may join; the last that leaves stops it. A server that crashed users
/// left behind is taken over.</summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private const string Database = "amnre";

    /// <summary>Enough for some tens of workers on the machine that it runs on.</summary>
    private const int DefaultConnections = 300;

    /// <summary>A first start makes a cluster and starts it; both together have less time.</summary>
    private static readonly TimeSpan DoorTimeout = TimeSpan.FromMinutes(5);

    /// <summary>A process that leaves waits less: a server that is not stopped is taken over by the next.</summary>
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan KeepEvery = TimeSpan.FromSeconds(1);

    /// <summary>On its way up or down, or crashed under us; and what the last words of another first start still hold: the same database in
    /// the making.</summary>
    private static readonly HashSet<string> Passing =
    [
        PostgresErrorCodes.CannotConnectNow, PostgresErrorCodes.AdminShutdown, PostgresErrorCodes.CrashShutdown,
        PostgresErrorCodes.ObjectInUse, PostgresErrorCodes.DuplicateDatabase, PostgresErrorCodes.UniqueViolation,
    ];

    private readonly PostgresCluster _cluster;
    private readonly string _folder;
    private readonly ServerLock? _owner;
    private readonly ServerLock _user;
    private readonly int _connections;
    private readonly Action<string> _say;

    private PrivatePostgres(PostgresCluster cluster, string folder, ServerLock? owner, ServerLock user, int connections,
        Action<string> say) =>
        (_cluster, _folder, _owner, _user, _connections, _say) = (cluster, folder, owner, user, connections, say);

    /// <summary>Holds a password: hand it on through the environment, never through arguments or logs.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>Starts the server of <paramref name="folder"/>, making it first when there is none.</summary>
    /// <param name="folder">Belongs to the server alone; one process may hold it at a time.</param>
    /// <param name="binariesFolder">Where PostgreSQL's programs are; null looks for them.</param>
    /// <param name="stop">Cancels the wait; a server that was already started runs on until the next call.</param>
    /// <param name="connections">Most at once.</param>
    /// <param name="say">Told who is waited for when that takes long.</param>
    /// <exception cref="InputException">Held by another process, another user's, no binaries, or a wrong version.</exception>
    /// <exception cref="ServerTroubleException">The server does not start.</exception>
    public static async Task<PrivatePostgres> StartAsync(string folder, string? binariesFolder, CancellationToken stop,
        int connections = DefaultConnections, Action<string>? say = null)
    {
        folder = ServerFolder.Make(folder);
        var owner = ServerLock.Owner(folder);
        try
        {
            return await EnterAsync(folder, binariesFolder, owner, connections, say ?? (_ => { }), stop);
        }
        catch
        {
            await owner.DisposeAsync();
            throw;
        }
    }

    /// <summary>Uses the server of <paramref name="folder"/> beside its owner, starting it when it does not run.</summary>
    /// <param name="folder">The server's folder.</param>
    /// <param name="binariesFolder">Where PostgreSQL's programs are; null looks for them.</param>
    /// <param name="stop">Cancels the wait.</param>
    /// <param name="say">Told who is waited for when that takes long.</param>
    /// <exception cref="InputException">Another user's, no binaries, or a wrong version.</exception>
    /// <exception cref="ServerTroubleException">The server does not start.</exception>
    public static Task<PrivatePostgres> JoinAsync(string folder, string? binariesFolder, CancellationToken stop,
        Action<string>? say = null) =>
        EnterAsync(ServerFolder.Make(folder), binariesFolder, owner: null, DefaultConnections, say ?? (_ => { }), stop);

    /// <summary>Connections enough for so many workers, and for everybody else.</summary>
    public static int ConnectionsFor(int workers) => Math.Max(DefaultConnections, 100 + (LedgerDatabase.ConnectionsOfWorker * workers));

    /// <summary>Looks for PostgreSQL's programs before anything is made.</summary>
    /// <exception cref="InputException">There are none.</exception>
    public static void RequirePrograms(string? binariesFolder) => PostgresBinaries.Find(binariesFolder, majorVersion: null);

    /// <summary>Whether a server was ever made in <paramref name="folder"/>.</summary>
    public static bool Exists(string folder) => File.Exists(Path.Combine(folder, "password"));

    /// <summary>How to reach the server of <paramref name="folder"/> if it seems to run now; starts nothing and waits for
    /// nothing.</summary>
    public static string? RunningIn(string folder)
    {
        folder = Path.GetFullPath(folder);
        if (!Exists(folder)) return null;
        if (SocketFolder.NotedIn(ServerHome.Of(folder, ServerAccount.Choose())) is not { } socket) return null;
        return File.Exists(Path.Combine(socket, $".s.PGSQL.{PostgresCluster.Port}")) ? Connection(socket, Password(folder)) : null;
    }

    /// <summary>How the database of <paramref name="folder"/> lies there; starts and changes nothing. Null when there is none.</summary>
    public static SeenServer? Look(string folder) => Exists(Path.GetFullPath(folder)) ? SeenServer.Of(Path.GetFullPath(folder)) : null;

    private static async Task<PrivatePostgres> EnterAsync(string folder, string? binariesFolder, ServerLock? owner, int connections,
        Action<string> say, CancellationToken stop)
    {
        await using var door = await ServerLock.DoorAsync(folder, say, DoorTimeout, stop);
        ServerFolder.RequireThisMachine(folder);
        var user = await ServerLock.UserAsync(folder, say, DoorTimeout, stop);
        try
        {
            var cluster = PostgresCluster.In(folder, binariesFolder, say);
            var password = Password(folder);
            await cluster.EnsureAsync(password, stop);
            var server = new PrivatePostgres(cluster, folder, owner, user, connections, say);
            await server.OpenAsync(password, stop);
            return server;
        }
        catch
        {
            await user.DisposeAsync();
            throw;
        }
    }

    /// <summary>Leaves, and stops the server when no other process uses it; what was committed is on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        try
        {
            await using var door = await ServerLock.DoorAsync(_folder, _say, LeaveTimeout, CancellationToken.None);
            await _user.DisposeAsync();
            if (ServerLock.IsUnused(_folder)) await _cluster.StopAsync();
        }
        catch (Exception held) when (held is InputException or ServerTroubleException)
        {
            _say($"the store's database is left running: {held.Message}");
        }
        finally
        {
            await _user.DisposeAsync();
            if (_owner is not null) await _owner.DisposeAsync();
        }
    }

    private static string Connection(string socket, string password) => new NpgsqlConnectionStringBuilder
    {
        Host = socket,
        Port = PostgresCluster.Port,
        Username = PostgresCluster.Role,
        Password = password,
        Database = Database,
        Timeout = 15,
        CommandTimeout = 60,
        // One text for every process: Hangfire and our ledger then share a pool.
        ApplicationName = "amnre",
    }.ConnectionString;

    private static string Password(string folder)
    {
        var file = Path.Combine(folder, "password");
        if (File.Exists(file)) return Kept(PlainFile.Text(file));
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
        return Kept(password);
    }

    private static string Kept(string password)
    {
        KnownSecrets.Keep(password);
        return password;
    }

    /// <summary>Restarts the server whenever it ends while this process uses it: killed by a user, or by the system for its
    /// memory.</summary>
    /// <exception cref="ServerTroubleException">It cannot be started.</exception>
    public async Task KeepAsync(CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(KeepEvery, TimeProvider.System, stop);
            if (_cluster.IsUp) continue;
            await using var door = await ServerLock.DoorAsync(_folder, _say, DoorTimeout, stop);
            if (_cluster.IsUp) continue;
            _say("the store's database has ended; it is started again");
            await OpenAsync(Password(_folder), stop);
        }
    }

    /// <summary>Starts what does not run. If the server is shutting down (its last client died while stopping it), wait, then
    /// restart it; if it is starting, wait; if it is killed meanwhile, restart it.</summary>
    private async Task OpenAsync(string password, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(PostgresCluster.StartTimeout);
        while (true)
        {
            await _cluster.LaunchAsync(_connections, stop);
            ConnectionString = Connection(_cluster.Socket, password);
            try
            {
                await EnsureDatabaseAsync(stop);
                return;
            }
            catch (NpgsqlException busy) when (busy.SqlState is null || Passing.Contains(busy.SqlState))
            {
                if (_cluster.IsUp && !Directory.Exists(_cluster.Socket))
                    throw new InputException($"The store's database runs, but the folder of its socket, {_cluster.Socket}, is gone or " +
                        $"not seen from here: use it where it was started, or end it with 'kill {_cluster.Pids}' and try again", busy);
                if (limit.IsCancellationRequested)
                    throw new ServerTroubleException($"The store's database runs but takes no connections at {_cluster.Socket}: " +
                        $"{busy.Message}. Its log {_cluster.Log} says why.", busy);
                await Task.Delay(LookEvery, TimeProvider.System, stop);
            }
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
}
