using Amnre.Jobs.Attempts;
using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Workers;
using Npgsql;

namespace Amnre.Jobs.Views;

/// <summary>A job that could begin, or has been handed out.</summary>
public sealed record QueueLine
{
    public long Id { get; init; }

    public long ExperimentId { get; init; }

    public string Experiment { get; init; } = "";

    public string Name { get; init; } = "";

    public JobKind Kind { get; init; }

    public JobState State { get; init; }

    /// <summary>Of the transport.</summary>
    public string Queue { get; init; } = "";

    /// <summary>Who submitted its experiment.</summary>
    public string Owner { get; init; } = "";

    public string? Reason { get; init; }

    /// <summary>Greater goes first; of the experiment, then of the job.</summary>
    public int ExperimentPriority { get; init; }

    public int Priority { get; init; }

    /// <summary>Its experiment is.</summary>
    public bool Paused { get; init; }

    public DateTime? NotBefore { get; init; }

    /// <summary>The one worker it was dispatched to; null for the first that comes.</summary>
    public string? PlacedOn { get; init; }

    public int Cpus { get; init; }

    public int Gpus { get; init; }

    /// <summary>In the queue, from 1.</summary>
    public int Place { get; init; }

    /// <summary>Some connected worker may run it, now or when it is free.</summary>
    public bool Fits { get; init; }

    internal long MemoryBytes { get; init; }

    internal TimeSpan? Expected { get; init; }

    internal string? HeldTo { get; init; }

    internal JobNeeds Needs => new(Queue, MemoryBytes, Expected, HeldTo) { Gpus = Gpus };
}

/// <summary>Time that workers spent on an experiment.</summary>
/// <param name="Outcome">Null while under way.</param>
/// <param name="GpuSeconds">Seconds times the GPUs that the job asked for.</param>
public sealed record SpentTime(AttemptOutcome? Outcome, int Attempts, double Seconds, double GpuSeconds);

/// <summary>Something that happened, anywhere.</summary>
public sealed record EventLine(long Id, DateTime At, string Kind, long? ExperimentId, string? Experiment, long? JobId, string? Job,
    string Message);

/// <summary>The queue, the log of what happened and where the time went. Pages continue from a key; nothing counts what it does not
/// show.</summary>
/// <param name="database">The ledger's.</param>
/// <param name="heartbeatTimeout">As for <see cref="ExperimentViews"/>.</param>
public sealed class QueueViews(NpgsqlDataSource database, TimeSpan? heartbeatTimeout = null)
{
    /// <summary>Who goes first is decided from the beginning, so pages end there.</summary>
    private const int Deepest = 100_000;

    private readonly LargeCounts<long, IReadOnlyList<SpentTime>> _spent = new(TimeProvider.System);

    /// <summary>Jobs that are handed out, then those that are ready in the order in which they will be, then those that may not go
    /// yet.</summary>
    /// <param name="after">Places that the pages before took; at most <see cref="Deepest"/>.</param>
    /// <param name="most">Rows.</param>
    /// <param name="cancel">Ends the reading.</param>
    public async Task<IReadOnlyList<QueueLine>> QueueAsync(int after, int most, CancellationToken cancel)
    {
        if (after > Deepest) return [];
        await using var connection = await database.OpenConnectionAsync(cancel);
        var (shares, places) = await PlacesAsync(connection, after + most, cancel);
        var ready = places.Where(one => one.MayGo).ToLookup(one => one.Experiment);
        var ordered = DispatchOrder.Of(ready, shares).ToList();
        var listed = ordered.Select(one => one.Id).ToHashSet();
        long[] shown = [.. places.Where(one => one.Queued).Concat(ordered)
            .Concat(places.Where(one => !one.Queued && !listed.Contains(one.Id))).Skip(after).Take(most).Select(one => one.Id)];
        var workers = (await new DispatchLedger(database).SituationAsync(heartbeatTimeout ?? Heartbeats.DefaultTimeout, cancel)).Workers;
        var timed = workers.Any(worker => worker.TimeLeft is not null);
        var lines = (await connection.QueryAsync<QueueLine>(
            LinesSql, new { shown, timed }, cancel)).ToDictionary(line => line.Id);
        return [.. shown.Index().Where(one => lines.ContainsKey(one.Item)).Select(one => lines[one.Item] with
        {
            Place = after + one.Index + 1,
            Fits = workers.Any(worker => lines[one.Item].Needs.FitsOn(worker.Offer)),
        })];
    }

    /// <summary>The first jobs of each experiment that are queued or ready, as many as a page could need of it.</summary>
    private static async Task<(IReadOnlyList<ExperimentShare> Shares, IReadOnlyList<QueuePlace> Places)> PlacesAsync(
        NpgsqlConnection connection, int most, CancellationToken cancel)
    {
        await using var read = await connection.QueryMultipleAsync(
            $"""
            {ReadyJobs.SharesSql};
            select r.id, e.id as experiment, r.queued_at is not null as queued, r.may_go and {ReadyJobs.HandsOutSql} as may_go
            from amnre.experiments e cross join unnest(@queues) as q cross join lateral (
              (select j.id, j.priority, j.queued_at, false as may_go from amnre.jobs j
               where j.experiment_id = e.id and j.state = 'queued' and j.queue = q order by j.queued_at, j.id limit @most)
              union all
              (select j.id, j.priority, null, {ReadyJobs.MayGoSql} from amnre.jobs j
               where j.experiment_id = e.id and j.state = 'ready' and j.queue = q order by {DispatchOrder.JobsSql} limit @most)) r
            where e.finished_at is null order by r.queued_at, e.priority desc, r.priority desc, r.id
            """, new { most, queues = JobQueues.All }, cancel);
        return ((await read.ReadAsync<ExperimentShare>()).ToList(), (await read.ReadAsync<QueuePlace>()).ToList());
    }

    /// <summary>Everything that happened after event <paramref name="after"/>, oldest first; who asked for what included.</summary>
    public async Task<IReadOnlyList<EventLine>> EventsSinceAsync(long after, int most, CancellationToken cancel)
    {
        return [.. await database.QueryAsync<EventLine>(
            $"{EventSql} where v.id > @after order by v.id limit @most", new { after, most }, cancel)];
    }

    /// <summary>What happened before event <paramref name="before"/>, newest first.</summary>
    /// <param name="experimentId">Null for all experiments.</param>
    /// <param name="before">Null begins with the newest.</param>
    /// <param name="most">Rows.</param>
    /// <param name="cancel">Ends the reading.</param>
    public async Task<IReadOnlyList<EventLine>> EventsAsync(long? experimentId, long? before, int most, CancellationToken cancel)
    {
        return [.. await database.QueryAsync<EventLine>(
            $"""
            {EventSql} where v.id < coalesce(@before,
              9223372036854775807) {(experimentId is null ? "" : "and v.experiment_id = @experimentId")}
            order by v.id desc limit @most
            """, new { experimentId, before, most }, cancel)];
    }

    /// <summary>By how attempts ended; of a great many attempts, up to a second old for each 50 000.</summary>
    public async Task<IReadOnlyList<SpentTime>> SpentAsync(long experimentId, CancellationToken cancel)
    {
        if (_spent.TryGet(experimentId, out var known)) return known;
        List<SpentTime> spent = [.. (await database.QueryAsync<(string? Outcome, int Attempts, double Seconds, double GpuSeconds)>(
            """
            select a.outcome, count(*)::int, sum(extract(epoch from coalesce(a.ended_at, now()) - a.started_at))::double precision,
              sum(j.gpus * extract(epoch from coalesce(a.ended_at, now()) - a.started_at))::double precision
            from amnre.attempts a join amnre.jobs j on j.id = a.job_id where j.experiment_id = @experimentId group by a.outcome
              order by a.outcome nulls last
            """, new { experimentId }, cancel))
            .Select(row => new SpentTime(row.Outcome is null
                ? null
                : LedgerText.Read<AttemptOutcome>(row.Outcome), row.Attempts, row.Seconds, row.GpuSeconds))];
        return _spent.Keep(experimentId, spent, spent.Sum(one => (long)one.Attempts));
    }

    private static readonly string LinesSql =
        $"""
        select j.id, j.experiment_id, e.name as experiment, j.name, j.kind, j.state, j.queue, e.owner, j.reason,
          e.priority as experiment_priority, j.priority, e.paused_at is not null as paused, j.not_before, j.placed_on, j.cpus, j.gpus,
          j.memory_bytes, case when @timed then {ExpectedTime.Sql("e.id", "j.kind", "j.time_limit")} end as expected,
          case when j.same_kind then amnre.begun_on(j.fingerprint) end as held_to
        from amnre.jobs j join amnre.experiments e on e.id = j.experiment_id where j.id = any(@shown)
        """;

    private sealed record QueuePlace(long Id, long Experiment, bool Queued, bool MayGo);

    private const string EventSql =
        """
        select v.id, v.at, v.kind, v.experiment_id as experimentid, e.name as experiment, v.job_id as jobid, j.name as job, v.message
        from amnre.events v left join amnre.experiments e on e.id = v.experiment_id left join amnre.jobs j on j.id = v.job_id
        """;
}
