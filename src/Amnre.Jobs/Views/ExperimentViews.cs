using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Workers;
using Npgsql;

namespace Amnre.Jobs.Views;

/// <summary>What the ledger can tell of experiments and of who works at them. Reads only.</summary>
/// <param name="database">The ledger's.</param>
/// <param name="heartbeatTimeout">A worker without a heartbeat for so long is silent; null for
/// <see cref="Heartbeats.DefaultTimeout"/>.</param>
public sealed class ExperimentViews(NpgsqlDataSource database, TimeSpan? heartbeatTimeout = null)
{
    private readonly LargeCounts<(long Experiment, ExperimentState State), IReadOnlyDictionary<JobState, int>> _counts = new(
        TimeProvider.System);

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<ExperimentSummary>> ListAsync(int most, CancellationToken cancel) => ListAsync(null, most, cancel);

    /// <summary>Those before experiment <paramref name="before"/>, newest first; null begins with the newest.</summary>
    public async Task<IReadOnlyList<ExperimentSummary>> ListAsync(long? before, int most, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await CountedAsync(connection, await connection.QueryAsync<ExperimentSummary>(
            $"{SummarySql} where e.id < coalesce(@before, 9223372036854775807) order by e.id desc limit @most",
            new { before, most }, cancel), cancel);
    }

    /// <returns>Null when there is no such experiment.</returns>
    public async Task<ExperimentSummary?> SummaryAsync(long experimentId, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return (await CountedAsync(connection, await connection.QueryAsync<ExperimentSummary>(
            $"{SummarySql} where e.id = @experimentId", new { experimentId }, cancel),
                cancel)).SingleOrDefault();
    }

    /// <returns>The same experiments with their jobs counted.</returns>
    private async Task<IReadOnlyList<ExperimentSummary>> CountedAsync(NpgsqlConnection connection,
        IReadOnlyList<ExperimentSummary> experiments, CancellationToken cancel)
    {
        var kept = new Dictionary<long, IReadOnlyDictionary<JobState, int>>();
        foreach (var one in experiments)
        {
            if (_counts.TryGet((one.Id, one.State), out var count)) kept[one.Id] = count;
        }

        var rows = await connection.QueryAsync<(long Experiment, string State, int Count)>(
            "select j.experiment_id, j.state, count(*)::int from amnre.jobs j where j.experiment_id = any(@ids) group by 1, 2",
            new { ids = experiments.Select(one => one.Id).Where(id => !kept.ContainsKey(id)).ToArray() }, cancel);
        var counted = rows.GroupBy(row => row.Experiment).ToDictionary(
            of => of.Key, of => of.ToDictionary(row => LedgerText.Read<JobState>(row.State), row => row.Count));
        return [.. experiments.Select(one => one.With(kept.GetValueOrDefault(one.Id)
            ?? _counts.Keep((one.Id, one.State), counted.GetValueOrDefault(one.Id) ?? [],
                counted.GetValueOrDefault(one.Id)?.Values.Sum(count => (long)count) ?? 0)))];
    }

    /// <summary>Jobs in some states with their latest attempts, in plan order.</summary>
    /// <param name="experimentId">Whose jobs.</param>
    /// <param name="states">Null for all.</param>
    /// <param name="after">The place in the plan that the page before ended at; -1 begins.</param>
    /// <param name="most">Rows.</param>
    /// <param name="cancel">Ends the reading.</param>
    public async Task<IReadOnlyList<JobSnapshot>> JobsAsync(long experimentId, IReadOnlyList<JobState>? states, int after, int most,
        CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await JobRows.ReadAsync(
            connection, "where j.experiment_id = @experimentId and j.ordinal > @after " +
                $"{(states is null ? "" : "and j.state = any(@states)")} order by j.ordinal limit @most",
            new { experimentId, states = states?.Select(LedgerText.Of).ToArray(), after, most }, cancel);
    }

    /// <summary>Results that came out differently, newest first.</summary>
    public async Task<IReadOnlyList<LedgerMessage>> WarningsAsync(long experimentId, int most, CancellationToken cancel)
    {
        return [.. await database.QueryAsync<LedgerMessage>(
            $"{EventsSql} where v.experiment_id = @experimentId and v.kind in ('drift', 'damage') order by v.id desc limit @most",
            new { experimentId, most }, cancel)];
    }

    /// <summary>Seconds that the slowest running job of each experiment has left, as its worker thinks; nothing for those of which none is
    /// known.</summary>
    public async Task<IReadOnlyDictionary<long, double>> SlowestAsync(IReadOnlyList<long> experiments, CancellationToken cancel)
    {
        return (await database.QueryAsync<(long Experiment, double Seconds)>(
            """
            select j.experiment_id, max((a.progress ->> 'seconds_left')::double precision) from amnre.jobs j
              join amnre.attempts a on a.token = j.token
            where j.state = 'running' and j.experiment_id = any(@ids) and a.ended_at is null
              and jsonb_typeof(a.progress -> 'seconds_left') = 'number' group by 1
            """, new { ids = experiments.ToArray() }, cancel)).ToDictionary(row => row.Experiment, row => row.Seconds);
    }

    /// <summary>The database's clock.</summary>
    public async Task<DateTime> NowAsync(CancellationToken cancel)
    {
        return await database.QuerySingleAsync<DateTime>("select now()", null, cancel);
    }

    /// <returns>The latest version's id; null when there is no experiment of that name.</returns>
    public async Task<long?> FindAsync(string name, CancellationToken cancel)
    {
        return await database.QuerySingleOrDefaultAsync<long?>(
            "select id from amnre.experiments where name = @name order by version desc limit 1", new { name }, cancel);
    }

    /// <returns>Null when there is no such experiment.</returns>
    public async Task<ExperimentSnapshot?> SnapshotAsync(long experimentId, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var summary = await connection.QuerySingleOrDefaultAsync<ExperimentSummary>(
            $"{SummarySql} where e.id = @experimentId", new { experimentId }, cancel);
        if (summary is null)
        {
            return null;
        }

        var jobs = await JobRows.ReadAsync(connection, "where j.experiment_id = @experimentId order by j.ordinal", new { experimentId },
            cancel);
        return new ExperimentSnapshot
        {
            Experiment = summary.With(jobs.CountBy(job => job.State).ToDictionary()),
            Now = await connection.QuerySingleAsync<DateTime>("select now()", null, cancel),
            Jobs = jobs,
            Warnings = [.. await connection.QueryAsync<LedgerMessage>(
                $"{EventsSql} where v.experiment_id = @experimentId and v.kind in ('drift', 'damage') order by v.id", new { experimentId }, cancel)],
        };
    }

    /// <returns>The experiment file as it was submitted last; null when there is no such experiment.</returns>
    public async Task<string?> DocumentAsync(long experimentId, CancellationToken cancel)
    {
        return await database.QuerySingleOrDefaultAsync<string?>(
            "select e.document from amnre.experiments e where e.id = @experimentId", new { experimentId }, cancel);
    }

    /// <summary>What happened in an experiment after event <paramref name="after"/>, oldest first.</summary>
    public async Task<IReadOnlyList<LedgerMessage>> EventsAsync(long experimentId, long after, int most, CancellationToken cancel)
    {
        return [.. await database.QueryAsync<LedgerMessage>(
            $"{EventsSql} where v.experiment_id = @experimentId and v.id > @after order by v.id limit @most",
            new { experimentId, after, most }, cancel)];
    }

    /// <summary>Workers that have not left.</summary>
    public async Task<IReadOnlyList<WorkerSnapshot>> WorkersAsync(CancellationToken cancel)
    {
        return [.. await database.QueryAsync<WorkerSnapshot, string?, WorkerSnapshot>(
            $"""
            select w.id, w.host, w.pid, w.slots, w.kinds, w.slurm_id, w.ends_at, {DispatchLedger.AvoidedSql} as avoided, w.memory_bytes,
              w.version, w.started_at, w.draining,
              extract(epoch from now() - w.heartbeat_at)::double precision as seconds_silent,
              w.heartbeat_at <= now() - @heartbeatTimeout as is_silent, e.id as experiment_id, e.name as experiment,
                j.name as job,
              w.device::text as device_json, w.gpus::text as readings
            from amnre.workers w left join amnre.attempts a on a.worker = w.id and a.ended_at is null
            left join amnre.jobs j on j.id = a.job_id left join amnre.experiments e on e.id = j.experiment_id
            where w.ended_at is null order by w.host, w.started_at
            """, new { heartbeatTimeout = heartbeatTimeout ?? Heartbeats.DefaultTimeout }, (worker, gpus) => gpus is null
            ? worker
            : worker with { Gpus = GpuReading.Read(gpus) }, "readings", cancel)];
    }

    private const string SummarySql =
        """
        select e.id, e.name, e.version, e.state, e.cancel_requested_at is not null as cancel_requested,
          e.paused_at is not null as paused, e.priority, e.owner, e.most_running as at_most, e.submitted_at, e.finished_at
        from amnre.experiments e
        """;

    private const string EventsSql =
        """
        select v.id, v.at, v.kind, j.name as job, v.message from amnre.events v left join amnre.jobs j on j.id = v.job_id
        """;
}
