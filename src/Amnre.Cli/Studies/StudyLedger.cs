using Amnre.Engine;
using Amnre.Experiments.Plans;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Postgres;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Submissions;
using Amnre.Jobs.Views;
using Amnre.Jobs.Workers;
using Npgsql;

namespace Amnre.Cli.Studies;

/// <summary>The ledger of a store for the time of one command: on the server that was named, or else on the store's private one, which is
/// joined when a run holds it and started for as long as the command takes when none does.</summary>
internal sealed class StudyLedger : IStudy
{
    /// <summary>How long a database that is there but slow to answer, on a machine with much to do, is waited for.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly PrivatePostgres? _server;

    private StudyLedger(NpgsqlDataSource database, ArtifactStore store, PrivatePostgres? server) =>
        (Database, Store, _server) = (database, store, server);

    public NpgsqlDataSource Database { get; }

    public ArtifactStore Store { get; }

    public ExperimentViews Views => new(Database);

    /// <exception cref="InputException">No database, or it does not answer.</exception>
    public static async Task<StudyLedger> OpenAsync(string store, string? connectionString, string? binaries, bool create,
        CancellationToken stop)
    {
        var folder = Path.Combine(store, "postgres");
        if (connectionString is null && !create) RequireDatabase(store);
        var server = connectionString is null ? await PrivatePostgres.JoinAsync(folder, binaries, stop, Console.Error.WriteLine) : null;
        var database = LedgerDatabase.Open(connectionString ?? server!.ConnectionString, "amnre");
        var ledger = new StudyLedger(database, new ArtifactStore(store), server);
        try
        {
            await ReadyAsync(database, stop);
            return ledger;
        }
        catch (Exception lost)
        {
            await ledger.DisposeAsync();
            if (lost is NpgsqlException or TimeoutException)
                throw new InputException($"the database does not answer: {lost.Message}; nothing was started", lost);
            throw;
        }
    }

    /// <exception cref="InputException">The store has no private database.</exception>
    public static void RequireDatabase(string store)
    {
        if (PrivatePostgres.Exists(Path.Combine(store, "postgres"))) return;
        throw new InputException($"store '{store}' has no database: nothing was submitted to it yet. Start with 'amnre run FILE' or " +
            "'amnre submit FILE', name another store with --store, or an existing server with --postgres or AMNRE_POSTGRES");
    }

    private static async Task ReadyAsync(NpgsqlDataSource database, CancellationToken stop)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ;)
        {
            try
            {
                await LedgerSchema.MigrateAsync(database, stop);
                return;
            }
            catch (Exception slow)
            when ((slow is TimeoutException || slow is NpgsqlException { InnerException: TimeoutException })
                && TimeProvider.System.GetElapsedTime(began) < Timeout)
            {
                // Asked again; one that refuses is not.
            }
        }
    }

    public string? StoreRoot => Store.Root;

    public Task<IReadOnlyList<SelectedExperiment>> SelectAsync(string text, CancellationToken stop) =>
        new Selector(Database).SelectAsync(text, stop);

    public Task<IReadOnlyList<ExperimentSummary>> ListAsync(int most, CancellationToken stop) => Views.ListAsync(most, stop);

    public Task<IReadOnlyList<WorkerSnapshot>> WorkersAsync(CancellationToken stop) => Views.WorkersAsync(stop);

    public Task<IReadOnlyList<SchedulerEntry>> SchedulersAsync(CancellationToken stop) => new SchedulerRegistry(Database).LiveAsync(stop);

    public Task<ExperimentSnapshot?> SnapshotAsync(long experiment, CancellationToken stop) => Views.SnapshotAsync(experiment, stop);

    public Task<IReadOnlyList<PublishedFile>> FilesAsync(long experiment, CancellationToken stop) =>
        new FileViews(Database).FilesAsync(experiment, stop);

    public Task<JobFacts?> FactsAsync(long job, CancellationToken stop) => new JobViews(Database).FactsAsync(job, stop);

    public async Task<LogPage?> LogAsync(long jobId, int? only, IReadOnlyDictionary<long, long> positions, int? tail,
        CancellationToken cancel)
    {
        await RequireStoreAsync(cancel);
        return await new LogViews(Database, Store).ReadAsync(jobId, only, positions, tail, cancel);
    }

    public async Task<ActionReport> DoAsync(ActionRequest request, CancellationToken stop)
    {
        // What is there decides what runs again.
        if (request.Kind == ActionKind.Rerun) await RequireStoreAsync(stop);
        return await new Actions(Database, Store).DoAsync(request, Requester.AtTheDatabase, stop);
    }

    /// <summary>Before files are read or written: whether the folder is the ledger's store.</summary>
    /// <exception cref="InputException">It is another.</exception>
    public Task RequireStoreAsync(CancellationToken stop) => new StoreLedger(Database).RequireAsync(Store.Root, stop);

    /// <summary>Before jobs are written, which the scheduler that runs must understand, for whose results there must be room, and whose
    /// files workers find in the store.</summary>
    private async Task RequireToSubmitAsync(ExperimentPlan plan, PlanNeeds needs, CancellationToken stop)
    {
        needs.Require(Store.Root);
        await DiskRoom.WaitAsync(Store.Root, DiskRoom.ToBegin, Console.Error.WriteLine, TimeProvider.System, stop);
        await Admission.RequireSameBuildAsync(Database, "command", stop);
        await new StoreLedger(Database).RequireOrRegisterAsync(Store.Root, stop);
        new StoreInputs(Store).Take(plan.Files, TimeProvider.System, stop);
    }

    public async Task<Submitted> SubmitAsync(ExperimentPlan plan, PlanNeeds needs, int priority, bool verify, CancellationToken stop)
    {
        await RequireToSubmitAsync(plan, needs, stop);
        await new AuditTrail(Database).SubmissionAsync(Requester.AtTheDatabase, plan, stop);
        return await new Submission(Database, Store).SubmitAsync(plan, new SubmitOptions { Priority = priority, VerifyDigests = verify },
            stop);
    }

    public async Task<Submitted> ExtendAsync(ExperimentPlan plan, PlanNeeds needs, CancellationToken stop)
    {
        await RequireToSubmitAsync(plan, needs, stop);
        await new AuditTrail(Database).ExtensionAsync(Requester.AtTheDatabase, plan, stop);
        return await new Extension(Database, Store).ExtendAsync(plan, stop);
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }
}
