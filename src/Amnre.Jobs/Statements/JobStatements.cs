using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Statements;

/// <summary>Jobs: <c>amnre.jobs</c>.</summary>
internal static class JobStatements
{
    /// <summary>Jobs that are still ready, whose result nothing makes.</summary>
    public static string Dispatch { get; } =
        $"""
        update amnre.jobs j set state = '{LedgerText.Of(Passage.Dispatched.To)}', queued_at = now(), not_before = null,
          placed_on = p.worker, expected = p.expected, traceparent = p.traceparent
        from unnest(@ids, @workers, @expected, @traces) as p (id, worker, expected, traceparent), amnre.experiments e
        where j.id = p.id and j.state = '{LedgerText.Of(Passage.Dispatched.From)}' and j.cancel_requested_at is null
          and e.id = j.experiment_id and e.finished_at is null and e.cancel_requested_at is null and e.paused_at is null
          and not exists (select from amnre.jobs o where o.fingerprint = j.fingerprint and o.state in ('queued', 'running'))
        returning j.id
        """;

    /// <summary>By a worker that the job fits; begins its attempt.</summary>
    public static string Claim { get; } =
        $"""
        with claimed as (
        update amnre.jobs j set state = '{LedgerText.Of(Passage.Claimed.To)}', token = nextval('amnre.tokens'),
          queued_at = null, reason = null
        from amnre.experiments e
        where j.id = @jobId and j.state = '{LedgerText.Of(Passage.Claimed.From)}' and e.id = j.experiment_id
          and e.cancel_requested_at is null and e.paused_at is null and j.cancel_requested_at is null
          and exists (select from amnre.workers w where w.id = @workerId and w.ended_at is null and not w.draining
            and {JobNeeds.FitsSql})
          and not exists (select from amnre.attempts a where a.fingerprint = j.fingerprint and a.ended_at is null)
        returning j.token, e.name as experiment, j.name, j.kind, j.settings, j.fingerprint, j.outputs,
          j.cpus, j.gpus, j.memory_bytes, j.time_limit, j.same_kind, coalesce(j.traceparent, e.traceparent) as traceparent),
        begun as (
        insert into amnre.attempts (token, job_id, fingerprint, number, worker, lease_until, device)
        select c.token, @jobId, c.fingerprint, 1 + (select count(*) from amnre.attempts a where a.job_id = @jobId), @workerId,
          now() + @lease,
          case when c.gpus > 0 then w.device else w.device - 'gpu' end || jsonb_build_object('threads',
            coalesce(nullif(c.settings::jsonb -> 'threads', 'null'), to_jsonb(c.cpus)))
        from claimed c join amnre.workers w on w.id = @workerId
        returning number)
        select c.*, b.number as attempt, (select id from amnre.store) as store_id from claimed c cross join begun b
        """;

    public const string AskToCancel =
        """
        update amnre.jobs set cancel_requested_at = coalesce(cancel_requested_at, now())
        where experiment_id = @experimentId and id = any(@Jobs) and finished_at is null returning id
        """;

    /// <summary>Each on condition that its job is still in the state that the decision saw.</summary>
    public const string Change =
        """
        update amnre.jobs j set state = c.state, unmet = c.unmet, reason = c.reason, queued_at = null, transport_id = null,
          not_before = case when c.state = 'ready' then now() + c.delay end,
          finished_at = case when c.final then now() end,
          cancel_requested_at = case when not c.final and not c.fresh then j.cancel_requested_at end,
          budget_from = case when c.fresh then greatest(
            (select coalesce(max(a.token), 0) from amnre.attempts a where a.job_id = j.id),
            (select coalesce(max(d.token), 0) from amnre.damages d where d.fingerprint = j.fingerprint)) else j.budget_from end,
          anew = not c.final and (j.anew or c.anew)
        from unnest(@Ids, @From, @To, @Unmet, @Delays, @Reasons, @Final, @Fresh, @Anew)
          as c(id, before, state, unmet, delay, reason, final, fresh, anew)
        where j.id = c.id and j.state = c.before
        """;
}
