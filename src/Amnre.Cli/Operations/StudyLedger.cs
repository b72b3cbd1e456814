using Amnre.Engine;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Postgres;
using Amnre.Jobs.Views;
using Npgsql;

namespace Amnre.Cli.Operations;

/// <summary>The ledger of a store for the time of one command: on the server that was named, or else on the store's private one, which is joined
/// when a run holds it and started for as long as the command takes when none does.</summary>
internal sealed class StudyLedger : IAsyncDisposable
{
    private static readonly TimeSpan SchedulerSilence = TimeSpan.FromSeconds(30);

    private readonly PrivatePostgres? _server;

    private StudyLedger(NpgsqlDataSource database, ArtifactStore store, PrivatePostgres? server) => (Database, Store, _server) = (database, store, server);

    public NpgsqlDataSource Database { get; }

    public ArtifactStore Store { get; }

    public ExperimentViews Views => new(Database);

    public Interventions Interventions => new(Database, Store);

    /// <exception cref="InputException">No database, or it does not answer.</exception>
    public static async Task<StudyLedger> OpenAsync(string store, string? connectionString, string? binaries, bool create, CancellationToken stop)
    {
        var folder = Path.Combine(store, "postgres");
        if (connectionString is null && !create && !PrivatePostgres.Exists(folder))
        {
            throw new InputException($"store '{store}' has no database: nothing was submitted to it yet. Start with 'amnre run FILE' or 'amnre submit FILE', " +
                "name another store with --store, or an existing server with --postgres or AMNRE_POSTGRES");
        }

        Directory.CreateDirectory(store);
        var server = connectionString is null ? await PrivatePostgres.JoinAsync(folder, binaries, stop) : null;
        var database = LedgerDatabase.Open(connectionString ?? server!.ConnectionString, "amnre");
        var ledger = new StudyLedger(database, new ArtifactStore(store), server);
        try
        {
            await LedgerSchema.MigrateAsync(database, stop);
            return ledger;
        }
        catch (Exception lost)
        {
            await ledger.DisposeAsync();
            if (lost is NpgsqlException or TimeoutException) throw new InputException($"the database does not answer: {lost.Message}", lost);
            throw;
        }
    }

    public Task<IReadOnlyList<SelectedExperiment>> SelectAsync(string text, CancellationToken stop) => new Selector(Database).SelectAsync(text, stop);

    /// <exception cref="InputException">It selects no job or several.</exception>
    public async Task<(SelectedExperiment Experiment, SelectedJob Job)> SelectJobAsync(string text, CancellationToken stop)
    {
        var found = (await SelectAsync(text, stop)).SelectMany(one => one.Jobs.Select(job => (one, job))).ToList();
        const int shown = 5;
        return found is [var only] ? only : throw new InputException(
            $"'{text}' selects {found.Count} jobs and one is needed: {string.Join(", ", found.Take(shown).Select(pair => $"'{pair.one.Name}/{pair.job.Name}'"))}{(found.Count > shown ? ", …" : "")}");
    }

    /// <exception cref="InputException">It selects single jobs.</exception>
    public async Task<IReadOnlyList<SelectedExperiment>> SelectWholeAsync(string text, CancellationToken stop)
    {
        var found = await SelectAsync(text, stop);
        return found.FirstOrDefault(one => !one.Whole) is { } part
            ? throw new InputException($"'{text}' selects jobs of '{part.Name}'; this is done to whole experiments: write '{part.Name}'") : found;
    }

    /// <summary>What people should be told when nobody is there to act on what they ask; null when somebody is.</summary>
    public async Task<string?> NobodySchedulesAsync(CancellationToken stop) =>
        (await new SchedulerRegistry(Database).LiveAsync(SchedulerSilence, stop)).Count > 0 ? null
            : "no scheduler is running: jobs begin when 'amnre run FILE', or 'amnre scheduler' and 'amnre worker', is started";

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }
}
