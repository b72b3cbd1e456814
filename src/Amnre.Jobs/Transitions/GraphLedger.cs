using System.Collections.Concurrent;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Statements;
using Npgsql;

namespace Amnre.Jobs.Transitions;

/// <inheritdoc cref="IGraphLedger"/>
/// <remarks>The only writer of what follows from a job for others. A <see cref="Passage"/> of a job alone is written elsewhere too: by
/// dispatching (<see cref="Passage.Dispatched"/>) and by a claim (<see cref="Passage.Claimed"/>). Safe even with two at once: each
/// experiment's row is locked and each change names the state it leaves.</remarks>
public sealed class GraphLedger(NpgsqlDataSource database) : IGraphLedger
{
    private readonly ConcurrentDictionary<(long Experiment, int Revision), Topology> _topologies = new();

    public async Task<IReadOnlyList<long>> UnsettledAsync(CancellationToken cancel)
    {
        return [.. await database.QueryAsync<long>(
            """
            select j.experiment_id from amnre.attempts a join amnre.jobs j on j.id = a.job_id
            where a.ended_at is not null and a.folded_at is null
            union
            select e.id from amnre.experiments e where e.state = 'running' and e.cancel_requested_at is not null
              and exists (select from amnre.jobs j where j.experiment_id = e.id and j.state in ('waiting', 'ready', 'queued'))
            union
            select j.experiment_id from amnre.jobs j where j.cancel_requested_at is not null and j.state in ('waiting', 'ready', 'queued')
            """, null, cancel)];
    }

    public async Task<string?> TraceAsync(long experimentId, CancellationToken cancel)
    {
        return await database.QuerySingleOrDefaultAsync<string?>(
            "select traceparent from amnre.experiments where id = @experimentId", new { experimentId }, cancel);
    }

    public async Task<IReadOnlyList<long>> SettleAsync(long experimentId, RetryPolicy policy, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // Sent together, each statement sees what was committed before it began; those after the first begin when the row is locked.
        await using var read = await connection.QueryMultipleAsync(
            $"""
            select cancel_requested_at is not null, revision from amnre.experiments
              where id = @experimentId and state = 'running' for update;
            {EndedSql};
            select id from amnre.jobs where experiment_id = @experimentId and cancel_requested_at is not null order by ordinal
            """, new { experimentId }, cancel);
        if (await read.ReadSingleOrDefaultAsync<(bool CancelAsked, int Revision)?>() is not var (cancelAsked, revision))
        {
            return [];
        }

        var ended = (await read.ReadAsync<EndedAttempt>()).ToList();
        var cancelled = (await read.ReadAsync<long>()).ToList();
        var topology = await TopologyAsync(connection, experimentId, revision, cancel);
        if (topology.Graph.Rules.Any())
        {
            var decided = await Decisions.OfAttemptsAsync(connection, [.. ended.Select(attempt => attempt.Token)], cancel);
            ended = [.. ended.Select(attempt => attempt with { Decided = [.. decided[attempt.Token]] })];
        }

        var changed = await ApplyAsync(connection, experimentId, topology, Happened, policy, underWay: true, cancel);
        await connection.ExecuteAsync(AttemptStatements.Fold, new { Tokens = ended.Select(attempt => attempt.Token).ToArray() }, cancel);
        await transaction.CommitAsync(cancel);
        return changed;

        // Cancellations come after the attempts' ends: what was drained or is to be retried is not, once its cancellation was asked
        // for.
        IReadOnlyList<GraphEvent> Happened(Func<long, int> place) =>
            [
                .. ended.Select(attempt => attempt.Event(place)),
                .. cancelAsked ? [new GraphEvent.CancelAsked()] : Array.Empty<GraphEvent>(),
                .. cancelled.Select(job => new GraphEvent.JobCancelAsked(place(job))),
            ];
    }

    public Task<IReadOnlyList<long>> ConcludeAsync(
        long experimentId, IReadOnlyList<(long JobId, Func<int, GraphEvent> Event)> happened, CancellationToken cancel) =>
        ConcludeAsync(experimentId, happened, null, cancel);

    public Task<IReadOnlyList<long>> ConcludeAsync(long experimentId, GraphEvent happened, CancellationToken cancel) =>
        ConcludeAsync(experimentId, [], happened, cancel);

    private async Task<IReadOnlyList<long>> ConcludeAsync(
        long experimentId, IReadOnlyList<(long JobId, Func<int, GraphEvent> Event)> happened, GraphEvent? toAll, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var revision = await connection.QuerySingleAsync<int>(
            "select revision from amnre.experiments where id = @experimentId for update", new { experimentId }, cancel);
        var topology = await TopologyAsync(connection, experimentId, revision, cancel);
        var holding = await HoldingAsync(connection, happened, cancel);
        var changed = await ApplyAsync(connection, experimentId, topology,
            place => [.. holding.Select(one => one.Event(place(one.JobId))), .. toAll is null ? Array.Empty<GraphEvent>() : [toAll]],
            null, underWay: false, cancel);
        // Settling continues with dispatch by itself; this came from elsewhere.
        await connection.ExecuteAsync(
            "select pg_notify(@Channel, 'jobs')", new { LedgerDatabase.Channel }, cancel);
        await transaction.CommitAsync(cancel);
        return changed;
    }

    /// <summary>The events that still hold: a published result that was found may have been withdrawn since, as damaged. One that is there
    /// stays there until this is committed.</summary>
    private static async Task<IReadOnlyList<(long JobId, Func<int, GraphEvent> Event)>> HoldingAsync(
        NpgsqlConnection connection, IReadOnlyList<(long JobId, Func<int, GraphEvent> Event)> happened, CancellationToken cancel)
    {
        long[] found = [.. happened.Where(one => one.Event(0) is GraphEvent.Published).Select(one => one.JobId)];
        if (found.Length == 0) return happened;
        var there = (await connection.QueryAsync<(long Job, long Token)>(
            """
            select j.id, p.token from amnre.jobs j join amnre.publications p on p.fingerprint = j.fingerprint
            where j.id = any(@found) for share of p
            """, new { found }, cancel)).ToDictionary(row => row.Job, row => row.Token);
        var decided = await Decisions.OfAttemptsAsync(connection, [.. there.Values], cancel);
        return [.. happened.Where(one => there.ContainsKey(one.JobId) || one.Event(0) is not GraphEvent.Published)
            .Select(one => (one.JobId, (Func<int, GraphEvent>)(place => one.Event(place) is GraphEvent.Published published
                ? published with { Decided = [.. decided[there[one.JobId]]] }
                : one.Event(place))))];
    }

    /// <param name="happened">Given the place of each job, the events.</param>
    /// <param name="policy">Null where no attempt ended.</param>
    /// <param name="underWay">The experiment is known to be so; otherwise it is reopened where a job of it comes back.</param>
    private async Task<IReadOnlyList<long>> ApplyAsync(
        NpgsqlConnection connection, long experimentId, Topology topology, Func<Func<long, int>, IReadOnlyList<GraphEvent>> happened,
        RetryPolicy? policy, bool underWay, CancellationToken cancel)
    {
        var part = GraphPart.Cut(topology.Graph, GraphReach.Of(topology.Graph, happened(job => topology.Place[job])));
        long[] ids = [.. part.Places.Select(place => topology.Ids[place])];
        var (standings, elsewhere) = await StandingsAsync(connection, experimentId, ids, all: ids.Length == topology.Ids.Length, cancel);
        var (changes, end) = GraphFold.Fold(
            part.Graph, standings, [.. part.Places.Select(place => topology.Names[place])], happened(job => part.Of(topology.Place[job])),
            policy, elsewhere);
        await GraphWriter.WriteAsync(connection, experimentId, ids, changes, cancel);
        if (end != ExperimentState.Running)
        {
            var finished = await connection.ExecuteAsync(
                ExperimentStatements.Finish, new { experimentId, End = LedgerText.Of(end) }, cancel);
            if (finished == 1) await LedgerEvents.RecordAsync(connection, experimentId, null, "finished", LedgerText.Of(end), cancel);
            foreach (var known in _topologies.Keys.Where(key => key.Experiment == experimentId)) _topologies.TryRemove(known, out _);
        }
        else if (!underWay && changes.Any(change => change.From.IsFinal))
        {
            await Reopening.OpenAsync(connection, experimentId, cancel);
        }

        return [.. changes.Select(change => ids[change.Job])];
    }

    /// <returns>Where some jobs of an experiment stand, in plan order, and in what states the others are.</returns>
    private static async Task<(IReadOnlyList<JobStanding> Standings, IReadOnlyList<JobState> Elsewhere)> StandingsAsync(
        NpgsqlConnection connection, long experimentId, long[] ids, bool all, CancellationToken cancel)
    {
        await using var read = await connection.QueryMultipleAsync(
            $"{StandingsSql(all ? "j.experiment_id = @experimentId" : "j.id = any(@ids)")}; {ElsewhereSql}",
            new { experimentId, ids, all }, cancel);
        return ([.. (await read.ReadAsync<StandingRow>()).Select(row => row.Standing)],
            [.. (await read.ReadAsync<string>()).Select(state => LedgerText.Read<JobState>(state))]);
    }

    /// <summary>A plan changes with its revision only, so its shape is read once per process and revision.</summary>
    private async Task<Topology> TopologyAsync(NpgsqlConnection connection, long experimentId, int revision, CancellationToken cancel)
    {
        if (_topologies.TryGetValue((experimentId, revision), out var known))
        {
            return known;
        }

        return _topologies.GetOrAdd((experimentId, revision), await Topology.ReadAsync(connection, experimentId, cancel));
    }

    private const string EndedSql =
        """
        select a.token, a.job_id, a.outcome, a.failure_class, a.message, a.worker_survived,
          case when a.outcome = 'damaged' then array(
            select distinct d.producer_id from amnre.edges d join amnre.jobs p on p.id = d.producer_id
            where d.job_id = a.job_id and not exists (select from amnre.publications u
              where u.fingerprint = p.fingerprint)) else '{}' end as lacking
        from amnre.attempts a join amnre.jobs j on j.id = a.job_id
        where j.experiment_id = @experimentId and a.ended_at is not null and a.folded_at is null order by a.token
        """;

    private static string StandingsSql(string which) =>
        $"""
        select j.state, j.unmet, f."user", f.resource, f.infrastructure, f.preempted, f.deaths,
          (select count(*)::int from amnre.damages d join amnre.experiments e on e.id = j.experiment_id
           where d.fingerprint = j.fingerprint and d.token > j.budget_from and d.at >= e.submitted_at) as damages
        from amnre.jobs j left join (
          select a.job_id,
            count(*) filter (where failure_class = 'user')::int as "user",
            count(*) filter (where failure_class = 'resource')::int as resource,
            count(*) filter (where failure_class = 'infrastructure')::int as infrastructure,
            count(*) filter (where failure_class = 'preempted')::int as preempted,
            count(*) filter (where outcome = 'lost' and failure_class = 'infrastructure' and not worker_survived)::int as deaths
          from amnre.attempts a join amnre.jobs j on j.id = a.job_id
          where {which} and a.folded_at is not null and a.failure_class is not null and a.token > j.budget_from
            group by a.job_id) f on f.job_id = j.id
        where {which} order by j.ordinal
        """;

    /// <summary>The states of the other jobs, one after the other by their index: counting them would read all of a million.</summary>
    private const string ElsewhereSql =
        """
        with recursive found (state) as (
          (select j.state from amnre.jobs j where not @all and j.experiment_id = @experimentId and j.id <> all(@ids)
            order by j.state limit 1)
          union all
          select next.state from found f cross join lateral (
            select j.state from amnre.jobs j where j.experiment_id = @experimentId and j.state > f.state and j.id <> all(@ids)
              order by j.state limit 1) next)
        select state from found
        """;

    private sealed record StandingRow
    {
        public JobState State { get; init; }

        public int Unmet { get; init; }

        public int User { get; init; }

        public int Resource { get; init; }

        public int Infrastructure { get; init; }

        public int Preempted { get; init; }

        public int Deaths { get; init; }

        public int Damages { get; init; }

        public JobStanding Standing =>
            new(State, Unmet, new FailureTally(User, Resource, Infrastructure, Preempted, Deaths) { Damages = Damages });
    }
}
