using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Statements;
using Npgsql;

namespace Amnre.Jobs.Dispatching;

/// <summary>A ready job whose result another experiment has published since this one was submitted.</summary>
public sealed record LateResult(long JobId, long ExperimentId, string By, IReadOnlyList<ArtifactRecord> Files);

/// <inheritdoc cref="IDispatchLedger"/>
public sealed class DispatchLedger(NpgsqlDataSource database) : IDispatchLedger
{
    /// <summary>Whether the host of worker <c>w</c> is avoided: three jobs failed there within ten minutes for want of resources or of the
    /// infrastructure, or three results were found damaged there and none elsewhere: what one host alone reads wrong is the host's fault.
    /// One job that fails everywhere, and one damaged result that many read, blame no host.</summary>
    internal const string AvoidedSql =
        """
        ((select count(distinct f.job_id) from amnre.attempts f join amnre.workers o on o.id = f.worker
          where o.host = w.host and f.failure_class in ('infrastructure', 'resource') and f.ended_at > now() - interval '10 minutes') >= 3
         or (select count(*) filter (where o.host = w.host) >= 3 and count(*) filter (where o.host <> w.host) = 0
             from amnre.damages d join amnre.attempts f on f.token = d.found_by join amnre.workers o on o.id = f.worker
             where d.at > now() - interval '10 minutes'))
        """;

    public async Task<PlacementSituation> SituationAsync(TimeSpan heartbeatTimeout, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var read = await connection.QueryMultipleAsync(
            $"""
            select w.id, w.kinds, w.slots, w.memory_bytes, w.ends_at - now() as time_left,
              array_remove(array[amnre.kind_of(w.device - 'gpu'), amnre.kind_of(w.device)], null) as devices,
              exists (select from amnre.attempts a where a.worker = w.id and a.ended_at is null)
                or exists (select from amnre.jobs j where j.state = 'queued' and j.placed_on = w.id) as busy,
              {AvoidedSql} as avoided
            from amnre.workers w where w.ended_at is null and not w.draining and w.heartbeat_at > now() - @heartbeatTimeout;
            {ReadyJobs.SharesSql};
            select j.queue, count(*)::int from amnre.jobs j where j.state = 'queued' and j.placed_on is null group by j.queue
            """, new { heartbeatTimeout }, cancel);
        return new PlacementSituation(
            [.. (await read.ReadAsync<WorkerRow>()).Select(
                row => new WorkerRoom(row.Id, row.Kinds, row.Slots, row.MemoryBytes, row.TimeLeft, row.Busy)
                {
                    Avoided = row.Avoided,
                    Devices = row.Devices,
                })],
            [.. await read.ReadAsync<ExperimentShare>()],
            (await read.ReadAsync<(string Queue, int Count)>()).ToDictionary(queue => queue.Queue, queue => queue.Count));
    }

    public async Task<IReadOnlyList<PlaceableJob>> CandidatesAsync(int most, bool timed, CancellationToken cancel)
    {
        return [.. (await database.QueryAsync<CandidateRow>(
            $"""
            select r.id, e.id as experiment_id, r.fingerprint, q as queue, r.priority, r.memory_bytes, r.gpus,
              case when @timed then {ExpectedTime.Sql("e.id", "r.kind", "r.time_limit")} end as expected,
              case when r.same_kind then amnre.begun_on(r.fingerprint) end as held_to
            from amnre.experiments e cross join unnest(@queues) as q cross join lateral (
              select j.id, j.fingerprint, j.priority, j.memory_bytes, j.gpus, j.kind, j.time_limit, j.same_kind from amnre.jobs j
              where j.experiment_id = e.id and j.queue = q and {ReadyJobs.MayGoSql}
              order by {DispatchOrder.JobsSql} limit @most) r
            where e.finished_at is null and {ReadyJobs.HandsOutSql}
            """, new { most, timed, queues = JobQueues.All }, cancel))
            .Select(row => new PlaceableJob(row.Id, row.ExperimentId, row.Fingerprint, row.Queue, row.Priority, row.MemoryBytes,
                row.Expected) { HeldTo = row.HeldTo, Gpus = row.Gpus })];
    }

    public async Task<IReadOnlyDictionary<long, string>> TracesAsync(IReadOnlyCollection<long> experiments, CancellationToken cancel)
    {
        return (await database.QueryAsync<(long Id, string Traceparent)>(
            "select id, traceparent from amnre.experiments where id = any(@experiments) and traceparent is not null",
            new { experiments = experiments.ToArray() }, cancel)).ToDictionary(row => row.Id, row => row.Traceparent);
    }

    public async Task<IReadOnlyList<Placed>> TakeAsync(IReadOnlyList<Placed> placed, CancellationToken cancel)
    {
        if (placed.Count == 0) return [];
        var taken = (await database.QueryAsync<long>(JobStatements.Dispatch, new
        {
            ids = placed.Select(one => one.Job.Id).ToArray(),
            workers = placed.Select(one => one.WorkerId).ToArray(),
            expected = placed.Select(one => one.Job.Expected).ToArray(),
            traces = placed.Select(one => one.Traceparent).ToArray(),
        }, cancel)).ToHashSet();
        return [.. placed.Where(one => taken.Contains(one.Job.Id))];
    }

    public async Task<IReadOnlyList<(long JobId, long ExperimentId)>> UndeliveredAsync(TimeSpan timeout, CancellationToken cancel)
    {
        return [.. await database.QueryAsync<(long, long)>(
            $"""
            select j.id, j.experiment_id from amnre.jobs j where j.state = 'queued' and (
              (j.queued_at < now() - @timeout
                and not exists (select from {LedgerSchema.TransportSchema}.jobqueue q where q.jobid = j.transport_id
                  and (q.fetchedat is null or q.fetchedat > now() - @timeout)))
              or exists (select from amnre.workers w where w.id = j.placed_on and (w.ended_at is not null or w.draining)))
            """, new { timeout }, cancel)];
    }

    public async Task SweepDeliveriesAsync(TimeSpan timeout, CancellationToken cancel)
    {
        await database.ExecuteAsync(DeliveryStatements.Sweep, new { timeout, own = JobQueues.OwnPrefix + "%" }, cancel);
    }

    public async Task<IReadOnlyList<LateResult>> LateResultsAsync(int most, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var rows = await connection.QueryAsync<(long Id, long ExperimentId, string Fingerprint, string By)>(
            $"""
            select j.id, e.id as experiment_id, j.fingerprint, 'made meanwhile by ' || me.name || ': ' || mj.name
            from amnre.experiments e
            cross join unnest(@queues) as q
            cross join lateral (
              select j.id, j.fingerprint from amnre.jobs j
              where j.experiment_id = e.id and j.state = 'ready' and j.queue = q and not j.anew
                and (j.not_before is null or j.not_before <= now())
              order by {DispatchOrder.JobsSql} limit @most) j
            join amnre.publications p on p.fingerprint = j.fingerprint and p.published_at > e.submitted_at
            join amnre.attempts a on a.token = p.token join amnre.jobs mj on mj.id = a.job_id
              join amnre.experiments me on me.id = mj.experiment_id
            where e.finished_at is null and mj.id <> j.id
            """, new { most, queues = JobQueues.All }, cancel);
        if (rows.Count == 0)
        {
            return [];
        }

        var published = await PublishedResults.ReadAsync(connection, [.. rows.Select(row => row.Fingerprint)], cancel);
        return [.. rows.Where(row => published.ContainsKey(row.Fingerprint))
            .Select(row => new LateResult(row.Id, row.ExperimentId, row.By, published[row.Fingerprint]))];
    }

    private sealed record WorkerRow
    {
        public string Id { get; init; } = "";

        public string[] Kinds { get; init; } = [];

        public int Slots { get; init; }

        public long? MemoryBytes { get; init; }

        public TimeSpan? TimeLeft { get; init; }

        public bool Busy { get; init; }

        public bool Avoided { get; init; }

        public string[] Devices { get; init; } = [];
    }

    private sealed record CandidateRow
    {
        public long Id { get; init; }

        public long ExperimentId { get; init; }

        public string Fingerprint { get; init; } = "";

        public string Queue { get; init; } = "";

        public int Priority { get; init; }

        public long MemoryBytes { get; init; }

        public int Gpus { get; init; }

        public TimeSpan? Expected { get; init; }

        public string? HeldTo { get; init; }
    }
}
