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

/// <summary>The conditional update that ends an attempt. What it says is redacted here, so that nobody who reads the ledger has
/// to.</summary>
internal static class AttemptEnd
{
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
}
