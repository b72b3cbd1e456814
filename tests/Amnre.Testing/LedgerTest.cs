using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Submissions;
using Amnre.Jobs.Transitions;
using Amnre.Jobs.Views;
using Amnre.Jobs.Workers;
using Dapper;
using Npgsql;

namespace Amnre.Testing;

/// <summary>A ledger of its own and a store of its own for one test, and the few moves that tests make in them.</summary>
public abstract class LedgerTest(TestServer server) : IAsyncLifetime
{
    /// <summary>Longer than any test takes: a lease runs out where a test says so.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromHours(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-store-").FullName;

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public TestServer Server => server;

    public string ConnectionString { get; private set; } = "";

    public NpgsqlDataSource Database { get; private set; } = null!;

    public ArtifactStore Store { get; private set; } = null!;

    public Submission Submission => new(Database, Store);

    public AttemptLedger Attempts => new(Database, Store);

    public GraphLedger Graph { get; private set; } = null!;

    public DispatchLedger Dispatch => new(Database);

    public ExperimentViews Views => new(Database);

    public JobViews JobViews => new(Database);

    public FileViews Files => new(Database);

    public WorkerRegistry Workers => new(Database);

    public virtual async ValueTask InitializeAsync()
    {
        ConnectionString = await server.NewDatabaseAsync();
        Database = LedgerDatabase.Open(ConnectionString, "tests");
        Store = new ArtifactStore(_folder);
        Graph = new GraphLedger(Database);
        await Workers.RegisterAsync(new WorkerEntry("w1", "host", 1, 1, ["plain"], null), Cancel);
        await Workers.RegisterAsync(new WorkerEntry("w2", "host", 2, 1, ["plain"], null), Cancel);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A plan from lines such as <c>gather: shard1 shard2</c>; a name in brackets has no friendly path.</summary>
    public static ExperimentPlan Plan(string name, params string[] lines) => Plans.Of(name, lines);

    public Task<Submitted> SubmitAsync(ExperimentPlan plan) => Submission.SubmitAsync(plan, new SubmitOptions(), Cancel);

    public async Task<ExperimentSnapshot> SnapshotAsync(long experiment) =>
        await Views.SnapshotAsync(experiment, Cancel) ?? throw new InvalidOperationException("no such experiment");

    public async Task<JobSnapshot> JobAsync(long experiment, string name) =>
        (await SnapshotAsync(experiment)).Jobs.Single(job => job.Name == name);

    /// <summary>Dispatches what is ready and claims the job of that name.</summary>
    public async Task<JobTicket> StartAsync(long experiment, string name, string worker = "w1")
    {
        await Dispatch.TakeAsync("plain", 100, Cancel);
        var job = await JobAsync(experiment, name);
        Assert.Equal(JobState.Queued, job.State);
        return await Attempts.ClaimAsync(job.Id, worker, Lease, Cancel) ?? throw new InvalidOperationException($"no claim on {name}");
    }

    /// <summary>Claims the job of that name once a scheduler that runs beside the test has handed it out: two that take at once would be a
    /// race.</summary>
    public async Task<JobTicket> StartHandedOutAsync(long experiment, string name, string worker = "w1")
    {
        var job = await JobAsync(experiment, name);
        for (var waited = 0; job.State == JobState.Ready && waited < 6000; waited++)
        {
            await Task.Delay(20, Cancel);
            job = await JobAsync(experiment, name);
        }

        Assert.Equal(JobState.Queued, job.State);
        return await Attempts.ClaimAsync(job.Id, worker, Lease, Cancel) ?? throw new InvalidOperationException($"no claim on {name}");
    }

    /// <summary>Writes the declared outputs of a ticket, as its execution would.</summary>
    public IReadOnlyList<ArtifactRecord> Make(JobTicket ticket, string? text = null)
    {
        Directory.CreateDirectory(ticket.OutputDirectory);
        foreach (var output in ticket.Outputs.Where(output => !output.IsPattern))
        {
            File.WriteAllText(Path.Combine(ticket.OutputDirectory, output.Name), text ?? $"{ticket.Fingerprint}");
        }

        return [.. Store.Collect(ticket.Fingerprint, ticket.Token, ticket.Outputs, Cancel).Select(file => file with
        {
            Decided = PlayedDecision.Of(ticket.Kind, ticket.Settings, ticket.Fingerprint),
        })];
    }

    public async Task RunAsync(long experiment, string name, string? text = null)
    {
        var ticket = await StartAsync(experiment, name);
        Assert.True(await Attempts.CommitAsync(ticket, Make(ticket, text), Cancel));
        await Graph.SettleAsync(experiment, new RetryPolicy(), Cancel);
    }

    /// <summary>Runs everything that becomes ready, in any order, until the experiment ends.</summary>
    public async Task RunAllAsync(long experiment)
    {
        while ((await SnapshotAsync(experiment)).Experiment.State == ExperimentState.Running)
        {
            var taken = await Dispatch.TakeAsync("plain", 100, Cancel);
            Assert.NotEmpty(taken);
            foreach (var job in taken)
            {
                var ticket = await Attempts.ClaimAsync(job, "w1", Lease, Cancel);
                Assert.NotNull(ticket);
                Assert.True(await Attempts.CommitAsync(ticket, Make(ticket), Cancel));
            }

            await Graph.SettleAsync(experiment, new RetryPolicy(), Cancel);
        }
    }

    public async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await Database.OpenConnectionAsync(Cancel);
        await connection.ExecuteAsync(sql, parameters);
    }

    public async Task<T?> ScalarAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Database.OpenConnectionAsync(Cancel);
        return await connection.ExecuteScalarAsync<T>(sql, parameters);
    }
}
