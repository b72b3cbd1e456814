using Amnre.Jobs.Ledger;
using Amnre.Jobs.Postgres;
using Npgsql;

namespace Amnre.Testing;

/// <summary>One real PostgreSQL server for all tests of an assembly, with a migrated template that databases are cloned from. It starts
/// when the first test asks for a database: where none does, none is needed.</summary>
public class TestServer : IAsyncLifetime
{
    private readonly Lazy<Task> _start;
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-tests-").FullName;
    private PrivatePostgres? _server;
    private int _databases;

    public TestServer() => _start = new Lazy<Task>(StartAsync);

    private PrivatePostgres Server => _server ?? throw new InvalidOperationException("not started");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A connection string to a new database that has the ledger's schema.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        await _start.Value;
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"create database {name} template template_amnre");
        return ConnectionTo(name);
    }

    /// <summary>A connection string to a new, empty database.</summary>
    public async Task<string> EmptyDatabaseAsync()
    {
        await _start.Value;
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"create database {name}");
        return ConnectionTo(name);
    }

    /// <summary>Takes the server down for a while, as an upgrade or a crash of its machine would.</summary>
    protected async Task RestartAsync(TimeSpan away)
    {
        await Server.DisposeAsync();
        await Task.Delay(away);
        _server = await PrivatePostgres.StartAsync(_folder, null, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private async Task StartAsync()
    {
        // The server's account must be able to enter the folder; a temporary one is closed to others.
        File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.OtherExecute);
        _server = await PrivatePostgres.StartAsync(_folder, null, CancellationToken.None);
        await ExecuteAsync("create database template_amnre");
        await using (var template = LedgerDatabase.Open(ConnectionTo("template_amnre"), "tests"))
        {
            await LedgerSchema.MigrateAsync(template, CancellationToken.None);
        }
    }

    private string ConnectionTo(string database) =>
        new NpgsqlConnectionStringBuilder(Server.ConnectionString) { Database = database }.ConnectionString;

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(Server.ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
