namespace Amnre.Jobs.Statements;

/// <summary>Attempts and their ends: <c>amnre.attempts</c>.</summary>
internal static class AttemptStatements
{
    public const string End =
        """
        with ended as (
          update amnre.attempts a set ended_at = now(), outcome = @outcome, failure_class = @failure, message = left(@message, 4000)
          from amnre.jobs j where a.token = @token and a.ended_at is null and j.id = a.job_id and j.token = a.token
          returning pg_notify(@Channel, 'ended'))
        select exists (select from ended)
        """;

    /// <summary>Renews the leases of a worker and of its attempt.</summary>
    public const string Beat =
        """
        with worker as (
          update amnre.workers set heartbeat_at = now(), draining = draining or @leaving,
            save_seconds = coalesce(@saveSeconds, save_seconds)
          where id = @workerId and ended_at is null returning draining),
        attempt as (
          update amnre.attempts a set lease_until = now() + @lease, progress = coalesce(@progress::jsonb, a.progress)
          from amnre.jobs j join amnre.experiments e on e.id = j.experiment_id
          where a.token = @token and a.ended_at is null and j.id = a.job_id
          returning e.cancel_requested_at is not null or j.cancel_requested_at is not null as stop, e.pause_drains as hand_back)
        select exists (select from worker) as known, exists (select from attempt) as held,
          coalesce((select stop from attempt), false) as stop, coalesce((select draining from worker), false) as drain,
          coalesce((select hand_back from attempt), false) as hand_back
        """;

    /// <summary>The worker of a lost attempt lives: no death.</summary>
    public const string Survive =
        "update amnre.attempts set worker_survived = true where token = @token and outcome = 'lost'";

    /// <summary>Ends of which the graph has drawn the conclusions.</summary>
    public const string Fold =
        "update amnre.attempts set folded_at = now() where token = any(@Tokens)";

    /// <summary>Of workers that are known to be gone. One that was told to go was killed before it could return its work: neither it
    /// nor the job is to blame.</summary>
    public static string Lose { get; } = LoseWhere("a.worker = any(@workers)");

    /// <summary>Of workers that sent no heartbeat before their leases ran out.</summary>
    public static string LoseExpired { get; } = LoseWhere("a.lease_until < now()");

    private static string LoseWhere(string which) =>
        $"""
        update amnre.attempts a set ended_at = now(), outcome = @lost,
          failure_class = coalesce(@blame, case when w.draining then @preempted else @infrastructure end),
          message = left(coalesce(@message, format('the last heartbeat of worker %s was %s s before its lease ran out', a.worker,
            round(extract(epoch from a.lease_until - w.heartbeat_at)))), 4000)
        from amnre.workers w where w.id = a.worker and a.ended_at is null and {which}
        returning a.token, a.job_id, a.worker
        """;
}
