using Amnre.Jobs.Artifacts;
using Dapper;
using Npgsql;

namespace Amnre.Jobs.Ledger;

/// <summary>How full one of the transport's queues is, and how many slots empty it.</summary>
/// <param name="Waiting">Jobs handed over and not yet claimed.</param>
/// <param name="Slots">Of live workers that are not draining.</param>
public sealed record QueueLoad(string Queue, int Waiting, int Slots);

/// <summary>A ready job whose result another experiment has published since this one was submitted.</summary>
public sealed record LateResult(long JobId, long ExperimentId, string By, IReadOnlyList<ArtifactRecord> Files);

/// <inheritdoc cref="IDispatchLedger"/>
public sealed class DispatchLedger(NpgsqlDataSource database) : IDispatchLedger
{
    public async Task<IReadOnlyList<QueueLoad>> LoadsAsync(IReadOnlyList<string> queues, TimeSpan silence, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return [.. await connection.QueryAsync<QueueLoad>(new CommandDefinition(
            """
            select q as queue,
              (select count(*)::int from amnre.jobs j where j.state = 'queued' and j.queue = q) as waiting,
              (select coalesce(sum(slots), 0)::int from amnre.workers w
               where w.ended_at is null and not w.draining and w.heartbeat_at > now() - @silence and q = any(w.kinds)) as slots
            from unnest(@queues) as q
            """, new { queues = queues.ToArray(), silence }, cancellationToken: cancel))];
    }

    public async Task<IReadOnlyList<long>> TakeAsync(string queue, int most, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return [.. await connection.QueryAsync<long>(new CommandDefinition(
            """
            with chosen as (
              select c.id, c.first from (
                select distinct on (r.fingerprint) r.id, e.priority as first, r.priority from amnre.experiments e cross join lateral (
                  select j.id, j.fingerprint, j.priority from amnre.jobs j
                  where j.experiment_id = e.id and j.state = 'ready' and j.queue = @queue and (j.not_before is null or j.not_before <= now())
                    and j.cancel_requested_at is null
                    and not exists (select from amnre.jobs o where o.fingerprint = j.fingerprint and o.state in ('queued', 'running'))
                  order by j.priority desc, j.id limit @most) r
                where e.finished_at is null and e.cancel_requested_at is null and e.paused_at is null
                order by r.fingerprint, e.priority desc, r.priority desc, r.id) c
              order by c.first desc, c.priority desc, c.id limit @most),
            taken as (
              update amnre.jobs j set state = 'queued', queued_at = now(), not_before = null
              from chosen where j.id = chosen.id and j.state = 'ready' returning j.id, chosen.first, j.priority)
            select id from taken order by first desc, priority desc, id
            """, new { queue, most }, cancellationToken: cancel))];
    }

    public async Task DeliveredAsync(long jobId, long transportId, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await connection.ExecuteAsync(new CommandDefinition(
            "update amnre.jobs set transport_id = @transportId where id = @jobId and state in ('queued', 'running')",
            new { jobId, transportId }, cancellationToken: cancel));
    }

    public async Task<IReadOnlyList<(long JobId, long ExperimentId)>> UndeliveredAsync(TimeSpan patience, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return [.. await connection.QueryAsync<(long, long)>(new CommandDefinition(
            """
            select j.id, j.experiment_id from amnre.jobs j where j.state = 'queued' and j.queued_at < now() - @patience
              and not exists (select from hangfire.jobqueue q where q.jobid = j.transport_id
                and (q.fetchedat is null or q.fetchedat > now() - @patience))
            """, new { patience }, cancellationToken: cancel))];
    }

    public async Task SweepDeliveriesAsync(TimeSpan patience, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            delete from hangfire.jobqueue q where q.fetchedat < now() - @patience
              and not exists (select from amnre.jobs j where j.transport_id = q.jobid and j.state in ('queued', 'running'))
            """, new { patience }, cancellationToken: cancel));
    }

    public async Task<IReadOnlyList<LateResult>> LateResultsAsync(int most, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var rows = (await connection.QueryAsync<(long Id, long ExperimentId, string Fingerprint, string By)>(new CommandDefinition(
            """
            select j.id, e.id as experiment_id, j.fingerprint, 'made meanwhile by ' || me.name || ': ' || mj.name
            from amnre.experiments e
            cross join unnest(@queues) as q
            cross join lateral (
              select r.id, r.fingerprint from amnre.jobs r
              where r.experiment_id = e.id and r.state = 'ready' and r.queue = q and not r.anew
                and (r.not_before is null or r.not_before <= now())
              order by r.priority desc, r.id limit @most) j
            join amnre.publications p on p.fingerprint = j.fingerprint and p.published_at > e.submitted_at
            join amnre.attempts a on a.token = p.token join amnre.jobs mj on mj.id = a.job_id join amnre.experiments me on me.id = mj.experiment_id
            where e.finished_at is null and mj.id <> j.id
            """, new { most, queues = new[] { Transport.JobQueues.Gpu, Transport.JobQueues.Cpu } }, cancellationToken: cancel))).AsList();
        if (rows.Count == 0)
        {
            return [];
        }

        var published = await PublishedResults.ReadAsync(connection, [.. rows.Select(row => row.Fingerprint)]);
        return [.. rows.Where(row => published.ContainsKey(row.Fingerprint))
            .Select(row => new LateResult(row.Id, row.ExperimentId, row.By, published[row.Fingerprint]))];
    }
}
