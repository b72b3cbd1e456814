using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Logs;
using Dapper;
using Npgsql;

namespace Amnre.Jobs.Attempts;

/// <summary>How an attempt ended.</summary>
public enum AttemptOutcome
{
    Succeeded,

    /// <summary>Handed back with its work saved; uses no retry.</summary>
    Drained,

    Failed,

    /// <summary>Stopped because the experiment was cancelled.</summary>
    Cancelled,

    /// <summary>Its lease ran out.</summary>
    Lost,

    /// <summary>Files that it was to read were damaged or lost: nobody's fault; what made them runs again.</summary>
    Damaged,
}

/// <summary>An attempt that was lost with its worker.</summary>
public sealed record LostAttempt(long Token, long JobId, string Worker);

/// <summary>The conditional updates that end an attempt without a result. What they say is redacted here, so that nobody who reads the
/// ledger has to.</summary>
internal static class AttemptEnds
{
    /// <summary>By the worker that holds it.</summary>
    /// <returns>False when it had ended already.</returns>
    public static async Task<bool> SetAsync(
        NpgsqlConnection connection, long token, AttemptOutcome outcome, FailureClass? failure, string? message,
        CancellationToken cancel) =>
        await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            """
            with ended as (
              update amnre.attempts a set ended_at = now(), outcome = @outcome, failure_class = @failure, message = left(@message, 4000)
              from amnre.jobs j where a.token = @token and a.ended_at is null and j.id = a.job_id and j.token = a.token
              returning pg_notify(@Channel, 'ended'))
            select exists (select from ended)
            """,
            new
            {
                token,
                outcome = LedgerText.Of(outcome),
                failure = failure is { } f ? LedgerText.Of(f) : null,
                message = Redaction.Of(message),
                LedgerDatabase.Channel,
            }, cancellationToken: cancel));

    /// <summary>Of workers that are known to be gone.</summary>
    /// <param name="connection">The transaction in which the workers' end was noted.</param>
    /// <param name="workers">Their names.</param>
    /// <param name="blame">Null: as <see cref="Sql"/> has it.</param>
    /// <param name="message">How they went.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Those that were under way.</returns>
    public static Task<IReadOnlyList<LostAttempt>> LoseAsync(
        NpgsqlConnection connection, IReadOnlyList<string> workers, FailureClass? blame, string message, CancellationToken cancel) =>
        LoseAsync(connection, "a.worker = any(@workers)", workers, blame, message, cancel);

    /// <summary>Of workers that sent no heartbeat before their leases ran out.</summary>
    public static Task<IReadOnlyList<LostAttempt>> LoseExpiredAsync(NpgsqlConnection connection, CancellationToken cancel) =>
        LoseAsync(connection, "a.lease_until < now()", [], null, null, cancel);

    private static async Task<IReadOnlyList<LostAttempt>> LoseAsync(NpgsqlConnection connection, string which,
        IReadOnlyList<string> workers, FailureClass? blame, string? message, CancellationToken cancel) =>
        (await connection.QueryAsync<LostAttempt>(new CommandDefinition(Sql(which), new
        {
            workers = workers.ToArray(),
            lost = LedgerText.Of(AttemptOutcome.Lost),
            blame = blame is { } known ? LedgerText.Of(known) : null,
            preempted = LedgerText.Of(FailureClass.Preempted),
            infrastructure = LedgerText.Of(FailureClass.Infrastructure),
            message = Redaction.Of(message),
        }, cancellationToken: cancel))).AsList();

    /// <summary>A worker that was told to go was killed before it could return its work: the job is not to blame.</summary>
    private static string Sql(string which) =>
        $"""
        update amnre.attempts a set ended_at = now(), outcome = @lost,
          failure_class = coalesce(@blame, case when w.draining then @preempted else @infrastructure end),
          message = left(coalesce(@message, format('worker %s was last heard of %s s before its lease ran out', a.worker,
            round(extract(epoch from a.lease_until - w.heartbeat_at)))), 4000)
        from amnre.workers w where w.id = a.worker and a.ended_at is null and {which}
        returning a.token, a.job_id, a.worker
        """;
}
