using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Statements;
using Amnre.Jobs.Transitions;
using Npgsql;

namespace Amnre.Jobs.Operations;

/// <summary>What a user may do to experiments and jobs under way. Every method may be called while a scheduler runs, or while none does:
/// what concerns the graph goes through <see cref="GraphRules"/> at once; running attempts hear of it with their next heartbeat.</summary>
public sealed class Interventions(NpgsqlDataSource database, ArtifactStore store)
{
    /// <summary>How often a decision is taken again when a worker or a scheduler moved a job meanwhile.</summary>
    private const int MaxTries = 10;

    private readonly GraphLedger _graph = new(database);

    /// <summary>Cancels a whole experiment.</summary>
    /// <returns>False when it has ended.</returns>
    public async Task<bool> CancelAsync(long experimentId, CancellationToken cancel)
    {
        if (!await new Cancellation(database).CancelAsync(experimentId, cancel)) return false;
        await DecideAsync(() => _graph.ConcludeAsync(experimentId, new GraphEvent.CancelAsked(), cancel));
        return true;
    }

    /// <summary>Cancels jobs, and with them what reads from them.</summary>
    /// <returns>The jobs whose cancellation was accepted: all that had not ended.</returns>
    public async Task<IReadOnlyList<long>> CancelJobsAsync(long experimentId, IReadOnlyList<long> jobs, CancellationToken cancel)
    {
        var asked = await database.QueryAsync<long>(JobStatements.AskToCancel, new { experimentId, Jobs = jobs.ToArray() }, cancel);
        await DecideAsync(() => _graph.ConcludeAsync(experimentId, Each(asked, place => new GraphEvent.JobCancelAsked(place)), cancel));
        return asked;
    }

    /// <summary>Lets no new job of an experiment begin.</summary>
    /// <param name="drain">Running jobs are asked to drain too.</param>
    /// <returns>False when the experiment has ended.</returns>
    public async Task<bool> PauseAsync(long experimentId, bool drain, CancellationToken cancel)
    {
        var paused = await database.ExecuteAsync(ExperimentStatements.Pause, new { experimentId, drain }, cancel);
        if (paused == 0) return false;
        // From here on no claim succeeds; what lies in the transport comes back, to be handed out again when resumed.
        await DecideAsync(() => _graph.ConcludeAsync(experimentId, new GraphEvent.PauseAsked(), cancel));
        return true;
    }

    /// <returns>False when the experiment was not paused.</returns>
    public async Task<bool> ResumeAsync(long experimentId, CancellationToken cancel)
    {
        return await database.ExecuteScalarAsync<bool>(ExperimentStatements.Resume, new { experimentId, LedgerDatabase.Channel }, cancel);
    }

    /// <summary>Makes an experiment's jobs go before those of lesser priority, from the next dispatch on.</summary>
    /// <returns>The priority it had; null when there is no such experiment.</returns>
    public async Task<int?> PrioritizeAsync(long experimentId, int priority, CancellationToken cancel)
    {
        return await database.ExecuteScalarAsync<int?>(
            ExperimentStatements.Prioritize, new { experimentId, priority, LedgerDatabase.Channel }, cancel);
    }

    /// <summary>Tries abandoned jobs again, with a fresh budget of retries, and with them what was abandoned because of them. An experiment
    /// that had ended is reopened.</summary>
    /// <returns>The jobs that came back.</returns>
    public Task<IReadOnlyList<long>> RetryAsync(long experimentId, IReadOnlyList<long> jobs, CancellationToken cancel) =>
        DecideAsync(() => _graph.ConcludeAsync(experimentId, Each(jobs, place => new GraphEvent.RetryAsked(place)), cancel));

    /// <summary>Reruns done jobs, and with them what they read from where that is no longer in the store.</summary>
    /// <returns>The jobs that run again; a job is not among them while something under way reads from it.</returns>
    public async Task<IReadOnlyList<long>> RerunAsync(long experimentId, IReadOnlyList<long> jobs, CancellationToken cancel)
    {
        var plan = await RerunScope.ReadAsync(database, store, experimentId, cancel);
        var again = plan.With(jobs);
        // What an earlier attempt saved would be resumed, not rerun.
        foreach (var fingerprint in await plan.AtRestAsync(database, again, cancel)) store.DiscardCheckpoints(fingerprint);
        return await DecideAsync(() => _graph.ConcludeAsync(experimentId, Each(again, place => new GraphEvent.RerunAsked(place)), cancel));
    }

    private static IReadOnlyList<(long, Func<int, GraphEvent>)> Each(IReadOnlyList<long> jobs, Func<int, GraphEvent> happened) =>
        [.. jobs.Select(job => (job, happened))];

    /// <summary>Each decision is taken on what the ledger says then, so taking it again after a conflict is safe.</summary>
    private static async Task<IReadOnlyList<long>> DecideAsync(Func<Task<IReadOnlyList<long>>> decide)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await decide();
            }
            catch (Exception conflict) when (attempt < MaxTries
                && conflict is LedgerConflictException
                or PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure })
            {
                // A worker claimed or ended a job, or the scheduler drew a conclusion, at this very moment.
            }
        }
    }
}
