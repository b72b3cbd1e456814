using Dapper;
using Npgsql;

namespace Amnre.Jobs.Ledger;

/// <summary>How processes reach the ledger's PostgreSQL.</summary>
public static class LedgerDatabase
{
    /// <summary>Channel on which every change of jobs is hinted; polling is the truth.</summary>
    public const string Channel = "amnre";

    /// <summary>What to reckon for each worker: the ledger's, the heartbeat's, the one for hints and the transport's, and one to spare
    /// while it begins a job. A test counts them.</summary>
    public const int ConnectionsOfWorker = 6;

    static LedgerDatabase() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    /// <summary>A pool with timeouts on everything, so that no call can hang on a database that went away.</summary>
    /// <param name="connectionString">Npgsql keywords; what it sets itself is kept.</param>
    /// <param name="application">Shown in <c>pg_stat_activity</c>.</param>
    public static NpgsqlDataSource Open(string connectionString, string application) =>
        NpgsqlDataSource.Create(Settings(connectionString, application));

    /// <summary>A pool for the transport. Its commits are not waited for to reach the disk: a delivery that a crash of the server
    /// takes back is missed by the ledger, whose commits are, and made again.</summary>
    public static NpgsqlDataSource OpenForTransport(string connectionString, string application)
    {
        // Said on each new connection, since poolers refuse the parameter "options" of a greeting.
        const string lightly = "set synchronous_commit = off";
        var builder = new NpgsqlDataSourceBuilder(Settings(connectionString, application).ConnectionString);
        builder.UsePhysicalConnectionInitializer(connection => connection.Execute(lightly), connection => connection.ExecuteAsync(lightly));
        return builder.Build();
    }

    /// <summary>A connection outside any pool: what it holds (advisory locks, LISTEN) ends when it is closed.</summary>
    internal static async Task<NpgsqlConnection> OpenSessionAsync(string connectionString, string application, CancellationToken cancel)
    {
        var settings = Settings(connectionString, application);
        settings.Pooling = false;
        var session = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await session.OpenAsync(cancel);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="NpgsqlException">The database is out of reach.</exception>
    public static async Task PingAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        await database.ExecuteAsync("select 1", null, cancel);
    }

    private static NpgsqlConnectionStringBuilder Settings(string connectionString, string application)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        return new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = application,
            Timeout = Math.Min(given.Timeout, 5),
            CommandTimeout = Math.Min(given.CommandTimeout, 20),
            CancellationTimeout = 2000,
            KeepAlive = given.KeepAlive == 0 ? 10 : given.KeepAlive,
            TcpKeepAlive = true,
            MaxPoolSize = Math.Min(given.MaxPoolSize, 20),
            // Nothing that a session keeps is ever changed on a pooled connection, so there is nothing to reset between two uses.
            NoResetOnClose = true,
            // The same few statements come all the time.
            MaxAutoPrepare = given.MaxAutoPrepare == 0 ? 64 : given.MaxAutoPrepare,
            AutoPrepareMinUsages = 3,
        };
    }
}
