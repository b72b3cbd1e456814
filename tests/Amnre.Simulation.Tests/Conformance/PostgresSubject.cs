using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Submissions;
using Amnre.Jobs.Transitions;
using Amnre.Jobs.Transport;
using Amnre.Jobs.Workers;
using Amnre.Testing;
using Dapper;
using Npgsql;

namespace Amnre.Simulation.Tests.Conformance;

/// <summary>The real ledger on a real PostgreSQL, with a store of real files.</summary>
internal sealed class PostgresSubject : ILedgerSubject
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-store-").FullName;
    private readonly ArtifactStore _store;

    private PostgresSubject(NpgsqlDataSource database)
    {
        Database = database;
        _store = new ArtifactStore(_folder);
        Attempts = new AttemptLedger(database, _store);
        Graph = new GraphLedger(database);
        Dispatch = new DispatchLedger(database);
        Rescue = new RescueLedger(database);
        Deliveries = new JobTransport(database, TimeSpan.FromSeconds(1));
    }

    public static async Task<PostgresSubject> OpenAsync(TestServer server) =>
        new(LedgerDatabase.Open(await server.NewDatabaseAsync(), "laws"));

    public NpgsqlDataSource Database { get; }

    public IAttemptLedger Attempts { get; }

    public IGraphLedger Graph { get; }

    public IDispatchLedger Dispatch { get; }

    public IRescueLedger Rescue { get; }

    public IDeliveries Deliveries { get; }

    private Interventions Interventions => new(Database, _store);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public Task<Submitted> SubmitAsync(ExperimentPlan plan, int priority = 0) =>
        new Submission(Database, _store).SubmitAsync(plan, new SubmitOptions { Priority = priority }, Cancel);

    public Task RegisterAsync(string worker, DeviceFacts? device = null, long? memoryBytes = null) =>
        new WorkerRegistry(Database).RegisterAsync(new WorkerEntry(worker, "host", 1, 1, [JobQueues.Cpu], null)
        {
            Device = device,
            MemoryBytes = memoryBytes,
        }, Cancel);

    public async Task<bool> AskToDrainAsync(string worker) =>
        (await new WorkerRegistry(Database).AskToDrainAsync(worker, Cancel)).Count == 1;

    public Task<int> ReportDeadAsync(string worker) => new WorkerRegistry(Database).ReportDeadAsync(worker, "dead", Cancel);

    public Task<bool> CancelAsync(long experiment) => Interventions.CancelAsync(experiment, Cancel);

    public Task<IReadOnlyList<long>> CancelJobsAsync(long experiment, IReadOnlyList<long> jobs) =>
        Interventions.CancelJobsAsync(experiment, jobs, Cancel);

    public Task<bool> PauseAsync(long experiment, bool drain) => Interventions.PauseAsync(experiment, drain, Cancel);

    public Task<bool> ResumeAsync(long experiment) => Interventions.ResumeAsync(experiment, Cancel);

    public Task<IReadOnlyList<long>> RetryAsync(long experiment, IReadOnlyList<long> jobs) =>
        Interventions.RetryAsync(experiment, jobs, Cancel);

    public Task<IReadOnlyList<long>> RerunAsync(long experiment, IReadOnlyList<long> jobs) =>
        Interventions.RerunAsync(experiment, jobs, Cancel);

    public Task FetchAsync(long delivery) =>
        ExecuteAsync("update hangfire.jobqueue set fetchedat = now() where jobid = @delivery", new { delivery });

    public Task RemoveAsync(long delivery) => ExecuteAsync("delete from hangfire.jobqueue where jobid = @delivery", new { delivery });

    /// <summary>Moves everything into the past instead.</summary>
    public Task PassAsync(TimeSpan time) => ExecuteAsync(
        """
        update amnre.attempts set started_at = started_at - @time, lease_until = lease_until - @time, ended_at = ended_at - @time;
        update amnre.jobs set not_before = not_before - @time, queued_at = queued_at - @time;
        update amnre.workers set heartbeat_at = heartbeat_at - @time;
        update amnre.experiments set submitted_at = submitted_at - @time;
        update amnre.publications set published_at = published_at - @time;
        update amnre.damages set at = at - @time;
        update hangfire.jobqueue set fetchedat = fetchedat - @time;
        """, new { time });

    public async Task<IReadOnlyList<SeenJob>> JobsAsync(long experiment)
    {
        await using var connection = await Database.OpenConnectionAsync(Cancel);
        return [.. (await connection.QueryAsync<(long Id, string Name, string State, int Unmet, int Attempts, bool Anew, bool CancelAsked)>(
            """
            select id, name, state, unmet, (select count(*)::int from amnre.attempts a where a.job_id = j.id), anew, cancel_requested_at is not null
            from amnre.jobs j where experiment_id = @experiment order by ordinal
            """, new { experiment })).Select(job => new SeenJob(
                job.Id, job.Name, Enum.Parse<JobState>(job.State, ignoreCase: true), job.Unmet, job.Attempts, job.Anew, job.CancelAsked))];
    }

    public async Task<ExperimentState> StateAsync(long experiment)
    {
        await using var connection = await Database.OpenConnectionAsync(Cancel);
        return Enum.Parse<ExperimentState>(
            await connection.QuerySingleAsync<string>("select state from amnre.experiments where id = @experiment", new { experiment }),
            ignoreCase: true);
    }

    public IReadOnlyList<ArtifactRecord> Make(JobTicket ticket)
    {
        Directory.CreateDirectory(ticket.OutputDirectory);
        File.WriteAllText(Path.Combine(ticket.OutputDirectory, "out.txt"), ticket.Fingerprint.Text);
        return [.. _store.Collect(ticket.Fingerprint, ticket.Token, ticket.Outputs, Cancel).Select(file => file with
        {
            Decided = PlayedDecision.Of(ticket.Kind, ticket.Settings, ticket.Fingerprint),
        })];
    }

    public async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await Database.OpenConnectionAsync(Cancel);
        await connection.ExecuteAsync(sql, parameters);
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
