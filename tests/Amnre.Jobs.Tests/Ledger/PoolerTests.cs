using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Amnre.Engine;
using Amnre.Jobs.Ledger;
using Amnre.Testing;
using Dapper;
using Npgsql;

namespace Amnre.Jobs.Tests.Ledger;

/// <summary>What a real PgBouncer before a real PostgreSQL does to the ledger.</summary>
public sealed class PoolerTests(TestServer server) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-pooler-").FullName;
    private Process? _bouncer;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_bouncer is not null)
        {
            _bouncer.Kill(entireProcessTree: true);
            await _bouncer.WaitForExitAsync(CancellationToken.None);
            _bouncer.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Without_one_there_is_none()
    {
        await using var database = LedgerDatabase.Open(await server.NewDatabaseAsync(), "tests");
        await using var connection = await database.OpenConnectionAsync(Stop);

        Assert.False(await Pooler.IsBetweenAsync(connection, Stop));
        await Pooler.RequireSessionsAsync(database, Stop);
    }

    [Fact]
    public async Task One_that_keeps_sessions_is_seen_and_worked_with()
    {
        var through = await ThroughAsync(await server.EmptyDatabaseAsync(), "session");
        await using var database = LedgerDatabase.Open(through, "tests");

        await LedgerSchema.MigrateAsync(database, Stop);

        await using var connection = await database.OpenConnectionAsync(Stop);
        Assert.True(await Pooler.IsBetweenAsync(connection, Stop));
        await using var deliveries = LedgerDatabase.OpenForTransport(through, "transport");
        await using var light = await deliveries.OpenConnectionAsync(Stop);
        Assert.Equal("off", await light.ExecuteScalarAsync<string>("show synchronous_commit"));
    }

    [Theory]
    [InlineData("transaction")]
    [InlineData("statement")]
    public async Task One_that_does_not_is_refused_with_the_remedy(string mode)
    {
        var through = await ThroughAsync(await server.NewDatabaseAsync(), mode);
        for (var again = 0; again < 3; again++)
        {
            await using var database = LedgerDatabase.Open(through, "tests");
            var refused = await Assert.ThrowsAsync<InputException>(() => LedgerSchema.MigrateAsync(database, Stop));
            Assert.Contains("pool_mode = session", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_role_that_owns_both_schemas_needs_no_right_to_make_any()
    {
        var owner = await server.EmptyDatabaseAsync();
        var role = $"plain_{Guid.NewGuid():N}"[..20];
        await using (var connection = new NpgsqlConnection(owner))
        {
            await connection.ExecuteAsync($"create role {role} login password 'plain'; create schema amnre authorization {role}; create " +
                $"schema hangfire authorization {role}");
            Assert.False(
                await connection.ExecuteScalarAsync<bool>($"select has_database_privilege('{role}', current_database(), 'create')"));
        }

        await using var database = LedgerDatabase.Open(new NpgsqlConnectionStringBuilder(owner)
        {
            Username = role,
            Password = "plain",
        }.ConnectionString, "tests");
        for (var twice = 0; twice < 2; twice++) await LedgerSchema.MigrateAsync(database, Stop);
    }

    /// <summary>The same database by way of a PgBouncer of that mode.</summary>
    private async Task<string> ThroughAsync(string connectionString, string mode)
    {
        var program = new[] { "/usr/sbin/pgbouncer", "/usr/bin/pgbouncer" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "pgbouncer is not installed");
        var to = new NpgsqlConnectionStringBuilder(connectionString);
        var port = FreePort();
        var (users, settings) = (Path.Combine(_folder, "users.txt"), Path.Combine(_folder, "pgbouncer.ini"));
        await File.WriteAllTextAsync(users, $"\"{to.Username}\" \"{to.Password}\"\n", Stop);
        await File.WriteAllTextAsync(settings,
            $"""
            [databases]
            {to.Database} = host={to.Host} port={to.Port} dbname={to.Database} user={to.Username} password={to.Password}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = plain
            auth_file = {users}
            pool_mode = {mode}
            default_pool_size = 20
            logfile = {Path.Combine(_folder, "log")}
            """, Stop);
        // It refuses to run as root, and the server's socket is its account's and root's alone.
        var root = Environment.IsPrivilegedProcess;
        if (root)
        {
            File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            using var own = Process.Start("chown", ["-R", "postgres", _folder]);
            await own.WaitForExitAsync(Stop);
        }

        _bouncer = Process.Start(
            new ProcessStartInfo(root ? "setpriv" : program!, root
                ? ["--reuid", "postgres", "--clear-groups", "--", program!, settings]
                : [settings])
            { RedirectStandardError = true })!;
        var through = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Database = to.Database,
            Username = to.Username,
            Password = to.Password,
        }.ConnectionString;
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port, Stop);
                return through;
            }
            catch (SocketException) when (tries < 200 && !_bouncer.HasExited)
            {
                await Task.Delay(50, Stop);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
