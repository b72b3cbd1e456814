using Amnre.Jobs.Graph;
using Dapper;
using Npgsql;

namespace Amnre.Jobs.Ledger;

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
}

/// <summary>What a heartbeat learns.</summary>
/// <param name="Known">The worker is registered.</param>
/// <param name="Held">The attempt is still this worker's; meaningless without one.</param>
/// <param name="Stop">Abandon the attempt: the experiment was cancelled.</param>
/// <param name="Drain">Hand work back and take no more.</param>
public sealed record Heartbeat(bool Known, bool Held, bool Stop, bool Drain);

/// <summary>The conditional update that ends an attempt.</summary>
internal static class AttemptEnd
{
    public static async Task<bool> SetAsync(
        NpgsqlConnection connection, long token, AttemptOutcome outcome, FailureClass? failure, string? message, CancellationToken cancel) =>
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
                message,
                LedgerDatabase.Channel,
            }, cancellationToken: cancel));
}
