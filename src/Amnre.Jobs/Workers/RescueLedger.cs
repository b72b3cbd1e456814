using Dapper;
using Npgsql;

namespace Amnre.Jobs.Workers;

/// <summary>An attempt that was given up for its worker's silence.</summary>
public sealed record RescuedAttempt(long Token, long JobId, string Worker);

/// <inheritdoc cref="IRescueLedger"/>
public sealed class RescueLedger(NpgsqlDataSource database) : IRescueLedger
{
    public async Task<IReadOnlyList<RescuedAttempt>> RescueAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return [.. await connection.QueryAsync<RescuedAttempt>(new CommandDefinition(
            """
            update amnre.attempts a set ended_at = now(), outcome = 'lost',
              -- A worker that was told to go was killed before it could hand its work back: nobody's fault, and not the job's.
              failure_class = case when w.draining then 'preempted' else 'infrastructure' end,
              message = format('worker %s was last heard of %s s before its lease ran out', a.worker,
                round(extract(epoch from a.lease_until - w.heartbeat_at)))
            from amnre.workers w where w.id = a.worker and a.ended_at is null and a.lease_until < now()
            returning a.token, a.job_id, a.worker
            """, cancellationToken: cancel))];
    }

    public async Task<int> RetireSilentWorkersAsync(TimeSpan silence, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await connection.ExecuteAsync(new CommandDefinition(
            """
            update amnre.workers w set ended_at = now() where w.ended_at is null and w.heartbeat_at < now() - @silence
              and not exists (select from amnre.attempts a where a.worker = w.id and a.ended_at is null)
            """, new { silence }, cancellationToken: cancel));
    }
}
