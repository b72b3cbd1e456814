using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Logs;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Statements;
using Npgsql;

namespace Amnre.Jobs.Allocations;

/// <summary>Which allocations there are to be, which there are, and what was decided about them.</summary>
public sealed class PoolLedger(NpgsqlDataSource database)
{
    /// <summary>A name for this ledger that no other has, so that its allocations are told from those of others in the same
    /// queue.</summary>
    public async Task<string> LedgerNameAsync(CancellationToken cancel)
    {
        return await database.QuerySingleAsync<string>(
            "select name from amnre.ledger_name", null, cancel);
    }

    /// <summary>Sets what a pool is to be; failures so far are forgotten.</summary>
    public async Task PutUpAsync(string name, PoolSettings settings, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await connection.ExecuteAsync(PoolStatements.PutUp, new { name, settings = settings.Text() }, cancel);
        await HintAsync(connection, cancel);
    }

    /// <returns>The names of the pools that were up.</returns>
    /// <param name="name">Null means all.</param>
    public async Task<IReadOnlyList<string>> PutDownAsync(string? name, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var down = await connection.QueryAsync<string>(PoolStatements.PutDown, new { name }, cancel);
        await HintAsync(connection, cancel);
        return down;
    }

    public async Task<IReadOnlyList<Pool>> PoolsAsync(CancellationToken cancel)
    {
        var rows = await database.QueryAsync<(string Name, string Settings, bool Up, DateTime ChangedAt, string? Decision,
            DateTime? DecidedAt, int Failures, DateTime? NotBefore, int Barren, DateTime Now)>(
                """
                select p.name, p.settings::text, p.up, p.changed_at, p.decision, p.decided_at, p.failures, p.not_before, barren.count, now()
                from amnre.pools p cross join lateral (
                  select count(*)::int as count from amnre.allocations a
                  where a.pool = p.name and a.ended_at is not null and a.leaving_at is null and a.submitted_at > greatest(p.changed_at, (
                    select max(joined.submitted_at) from amnre.allocations joined
                      join amnre.workers w on w.slurm_id = joined.slurm_id and w.started_at >= joined.submitted_at
                    where joined.pool = p.name and joined.submitted_at > p.changed_at))) barren
                order by p.name
                """, null, cancel);
        return [.. rows.Select(
            row => new Pool(row.Name, PoolSettings.Read(row.Settings), row.Up, row.ChangedAt, row.Decision, row.DecidedAt, row.Failures,
                row.NotBefore, row.Barren, row.Now))];
    }

    /// <summary>Allocations that have not ended, and those that ended within <paramref name="past"/>.</summary>
    public async Task<IReadOnlyList<Allocation>> AllocationsAsync(TimeSpan past, CancellationToken cancel)
    {
        return [.. await database.QueryAsync<Allocation>(
            """
            select a.slurm_id, a.pool, a.state, a.reason, a.submitted_at, a.started_at, a.ends_at, a.leaving_at, a.ended_at,
              w.workers, w.joined, w.busy, case when w.busy = 0
                then coalesce(greatest(w.last_end, w.last_start, a.started_at), a.started_at) end as idle_since
            from amnre.allocations a cross join lateral (
              select count(*) filter (where w.ended_at is null)::int as workers, count(*)::int as joined, max(w.started_at) as last_start,
                count(*) filter (where exists (select from amnre.attempts t where t.worker = w.id and t.ended_at is null))::int as busy,
                max((select max(t.ended_at) from amnre.attempts t where t.worker = w.id)) as last_end
              from amnre.workers w where w.slurm_id = a.slurm_id and w.started_at >= a.submitted_at) w
            where a.ended_at is null or a.ended_at > now() - @past
            order by a.submitted_at, a.slurm_id
            """, new { past }, cancel)];
    }

    /// <summary>Jobs that could begin now or soon, and do not run yet.</summary>
    public async Task<IReadOnlyList<JobDemand>> DemandAsync(TimeSpan soon, CancellationToken cancel)
    {
        return [.. await database.QueryAsync<JobDemand>(
            """
            select j.cpus, j.gpus, j.memory_bytes, j.time_limit as time, j.kind = any(@resuming) as resumes,
              count(distinct j.fingerprint)::int as count
            from amnre.jobs j join amnre.experiments e on e.id = j.experiment_id
            where e.finished_at is null and e.cancel_requested_at is null and e.paused_at is null and j.state in ('ready', 'queued')
              and j.cancel_requested_at is null and (j.not_before is null or j.not_before <= now() + @soon)
            group by j.cpus, j.gpus, j.memory_bytes, j.time_limit, resumes
            """, new { soon, resuming = JobKinds.ThatResume }, cancel)];
    }

    /// <summary>Workers that wait for jobs and are in no allocation of <paramref name="pool"/>.</summary>
    public async Task<IdleWorkers> IdleElsewhereAsync(string pool, string gpuQueue, TimeSpan heartbeatTimeout, CancellationToken cancel)
    {
        return await database.QuerySingleAsync<IdleWorkers>(
            """
            select count(*) filter (where @gpuQueue = any(w.kinds))::int as gpu,
              count(*) filter (where not @gpuQueue = any(w.kinds))::int as cpu
            from amnre.workers w where w.ended_at is null and not w.draining and w.heartbeat_at > now() - @heartbeatTimeout
              and not exists (select from amnre.attempts t where t.worker = w.id and t.ended_at is null)
              and not exists (select from amnre.allocations a where a.slurm_id = w.slurm_id and a.pool = @pool)
            """, new { pool, gpuQueue, heartbeatTimeout }, cancel);
    }

    /// <summary>The longest time that any worker's saving took of late; null when none has saved.</summary>
    public async Task<TimeSpan?> LongestSaveAsync(CancellationToken cancel)
    {
        return await database.ExecuteScalarAsync<double?>(
            "select max(save_seconds) from amnre.workers where heartbeat_at > now() - interval '7 days'", null, cancel)
                is { } seconds
            ? TimeSpan.FromSeconds(seconds) : null;
    }

    /// <summary>Records allocations that were asked for, or that the batch system has of ours.</summary>
    public async Task AddAsync(string pool, IReadOnlyList<string> slurmIds, CancellationToken cancel)
    {
        await database.ExecuteAsync(AllocationStatements.Add, new { pool, ids = slurmIds.ToArray() }, cancel);
    }

    /// <summary>What the batch system says of an allocation that continues. Times are from the database's now.</summary>
    public async Task SeenAsync(string slurmId, AllocationState state, string? reason, TimeSpan? startedAgo, TimeSpan? endsIn,
        CancellationToken cancel)
    {
        await database.ExecuteAsync(AllocationStatements.Seen,
            new { slurmId, state = LedgerText.Of(state), reason = Redaction.Of(reason), startedAgo, endsIn }, cancel);
    }

    /// <summary>Asks the workers of allocations to drain.</summary>
    public async Task DrainAsync(IReadOnlyList<string> slurmIds, CancellationToken cancel)
    {
        await database.ExecuteAsync(AllocationStatements.Drain, new { ids = slurmIds.ToArray() }, cancel);
    }

    /// <summary>The allocation is over, and every process in it: what its workers held is lost at once.</summary>
    /// <param name="blame">Whose fault it is when a job was under way.</param>
    public async Task EndedAsync(string slurmId, string reason, FailureClass blame, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var workers = await connection.QueryAsync<string>(AllocationStatements.End, new { slurmId, reason = Redaction.Of(reason) }, cancel);
        await AttemptEnds.LoseAsync(connection, workers, blame, $"allocation {slurmId} ended: {reason}", cancel);
        await HintAsync(connection, cancel);
        await transaction.CommitAsync(cancel);
    }

    public async Task DecidedAsync(string pool, string decision, CancellationToken cancel)
    {
        await database.ExecuteAsync(PoolStatements.Decided, new { pool, decision = Redaction.Of(decision) }, cancel);
    }

    /// <summary>Something failed: no new allocation for <paramref name="pause"/>. Null: all is well again.</summary>
    public async Task FailedAsync(string pool, TimeSpan? pause, CancellationToken cancel)
    {
        await database.ExecuteAsync(PoolStatements.Failed, new { pool, pause }, cancel);
    }

    private static Task<int> HintAsync(NpgsqlConnection connection, CancellationToken cancel) =>
        connection.ExecuteAsync(
        "select pg_notify(@Channel, 'pool')", new { LedgerDatabase.Channel }, cancel);
}
