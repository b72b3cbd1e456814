using System.Diagnostics.CodeAnalysis;
using Amnre.Testing;

[assembly: AssemblyFixture(typeof(Amnre.Cluster.Tests.Slurm.PrivateSlurm))]

namespace Amnre.Cluster.Tests.Slurm;

/// <summary>A real Slurm on this machine, and a PostgreSQL that its nodes reach by network, both by the project's own scripts. Nodes are
/// shared out among the tests, so that none disturbs another.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Disposed asynchronously")]
public sealed class PrivateSlurm : IAsyncLifetime
{
    public const string Nodes = "7";

    private readonly string _folder;

    /// <summary>First three numbers of the network whose namespaces the nodes are in; null where they share the machine's.</summary>
    private readonly string? _network;
    private readonly string _nodes;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Lazy<Task<SortedDictionary<string, string>>> _undisturbed;
    private bool _databaseUp;

    public PrivateSlurm() : this(network: null, Nodes)
    {
    }

    private PrivateSlurm(string? network, string nodes)
    {
        (_network, _nodes) = (network, nodes);
        _folder = $"/tmp/amnre-slurm-{Environment.ProcessId}{(network is null ? "" : "-net")}";
        _undisturbed = new(async () =>
        {
            await using var study = await ClusterStudy.NewAsync(this, ClusterStudy.Small);
            await study.StartSchedulerAsync();
            await study.WorkersAsync("--array=1-3%2", "--nodelist=n3", "--partition=high");
            await study.SubmitAsync();
            await study.SucceedsAsync();
            return study.Results();
        });
    }

    /// <summary>Another one, of two nodes, each with a network of its own that can be cut.</summary>
    public static async Task<PrivateSlurm> WithNetworksAsync()
    {
        var slurm = new PrivateSlurm("10.231.7", "2");
        await slurm.InitializeAsync();
        return slurm;
    }

    /// <summary>Why there is none; null when there is.</summary>
    public string? Missing { get; private set; }

    public string Configuration => Path.Combine(_folder, "slurm.conf");

    /// <summary>Digests of the small study's results where nothing went wrong: workers of a plain array.</summary>
    internal Task<SortedDictionary<string, string>> UndisturbedAsync() => _undisturbed.Value;

    public Dictionary<string, string?> Variables => new() { ["SLURM_CONF"] = Configuration };

    public async ValueTask InitializeAsync()
    {
        Missing = !Environment.IsPrivilegedProcess ? "a private Slurm needs root"
            : new[] { "slurmctld", "slurmd", "sbatch" }.FirstOrDefault(program => !OnPath(program)) is { } absent
            ? $"{absent} is not installed: eng/provision slurm"
            : null;
        if (Missing is null) await ControlAsync("start", _nodes, "2", "4");
    }

    public Task<string> ControlAsync(string action, params string[] arguments) => Shell.RunAsync(
        new Dictionary<string, string?> { ["MAX_ARRAY_SIZE"] = "4", ["NETNS"] = _network }, "/bin/sh", "-c",
        // Its daemons must not hold our pipes.
        $"'{Repository.File("eng", "private-slurm")}' {action} {_folder} {string.Join(' ', arguments)} >{_folder}.log 2>&1 </dev/null || " +
            $"{{ cat {_folder}.log >&2; exit 1; }}");

    public Task<string> SlurmAsync(string program, params string[] arguments) => Shell.RunAsync(Variables, program, arguments);

    /// <summary>A connection string to a new database, over the network, with the password that the script made.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        await _gate.WaitAsync();
        try
        {
            var home = $"{_folder}/home";
            var run = $"HOME={home} AMNRE_DATABASE_HOST=127.0.0.1 AMNRE_DATABASE_PORT=$((20000 + $$ % 20000)) setpriv --reuid nobody " +
                $"--regid nogroup --clear-groups '{Repository.File("deploy", "slurm", "database")}'";
            if (!_databaseUp)
            {
                await Shell.RunAsync(new Dictionary<string, string?>(), "/bin/sh", "-c",
                    $"mkdir -p {home} && chown nobody {home} && chmod 755 {home} && {{ {run} start >{home}/set 2>{home}/said </dev/null " +
                        $"|| {{ cat {home}/said >&2; exit 1; }}; }}");
                _databaseUp = true;
            }

            // What the script prints is what a user sets; the password is where it says.
            var set = (await File.ReadAllTextAsync($"{home}/set")).Trim()["export AMNRE_POSTGRES='".Length..^1];
            var password = (await File.ReadAllTextAsync($"{home}/.pgpass")).Trim().Split(':')[4];
            var database = $"study_{Guid.NewGuid():N}";
            await using var connection = new Npgsql.NpgsqlConnection($"{set};Password={password};Pooling=false");
            await connection.OpenAsync();
            await using var command = new Npgsql.NpgsqlCommand($"create database {database}", connection);
            await command.ExecuteNonQueryAsync();
            return new Npgsql.NpgsqlConnectionStringBuilder($"{set};Password={password}")
            {
                Database = database,
                Host = _network is null ? "127.0.0.1" : $"{_network}.1",
            }.ConnectionString;
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Missing is not null) return;
        await ControlAsync("stop");
        if (_databaseUp)
            await Shell.RunAsync(new Dictionary<string, string?>(), "/bin/sh", "-c",
                $"HOME={_folder}/home setpriv --reuid nobody --regid nogroup --clear-groups " +
                    $"'{Repository.File("deploy", "slurm", "database")}' stop");
        _gate.Dispose();
        Directory.Delete(_folder, recursive: true);
        File.Delete($"{_folder}.log");
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
