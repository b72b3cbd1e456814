using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Logs;
using Amnre.Jobs.Statements;
using Npgsql;

namespace Amnre.Jobs.Attempts;

/// <summary>How an attempt ended.</summary>
public enum AttemptOutcome
{
    Succeeded,

    /// <summary>Returned to the queue with its work saved; uses no retry.</summary>
    Drained,

    Failed,

    /// <summary>Stopped because the experiment was cancelled.</summary>
    Cancelled,

    /// <summary>Its lease ran out.</summary>
    Lost,

    /// <summary>Files that it was to read were damaged or lost, not through this job; what made them runs again.</summary>
    Damaged,
}

/// <summary>An attempt that was lost with its worker.</summary>
public sealed record LostAttempt(long Token, long JobId, string Worker);

/// <summary>The conditional updates that end an attempt without a result. What they say is redacted here, so that no reader of the
/// ledger has to.</summary>
internal static class AttemptEnds
{
    /// <summary>By the worker that holds it.</summary>
    /// <returns>False when it had ended already.</returns>
    public static async Task<bool> SetAsync(
        NpgsqlConnection connection, long token, AttemptOutcome outcome, FailureClass? failure, string? message,
        CancellationToken cancel) =>
        await connection.ExecuteScalarAsync<bool>(AttemptStatements.End, new
        {
            token,
            outcome = LedgerText.Of(outcome),
            failure = failure is { } f ? LedgerText.Of(f) : null,
            message = Redaction.Of(message),
            LedgerDatabase.Channel,
        }, cancel);

    /// <summary>Of workers that are known to be gone.</summary>
    /// <param name="connection">The transaction in which the workers' end was noted.</param>
    /// <param name="workers">Their names.</param>
    /// <param name="blame">Null: a worker that was told to go is not to blame, nor is its job.</param>
    /// <param name="message">How they went.</param>
    /// <param name="cancel">Cancels.</param>
    /// <returns>Those that were under way.</returns>
    public static Task<IReadOnlyList<LostAttempt>> LoseAsync(
        NpgsqlConnection connection, IReadOnlyList<string> workers, FailureClass? blame, string message, CancellationToken cancel) =>
        LoseAsync(connection, AttemptStatements.Lose, workers, blame, message, cancel);

    /// <summary>Of workers that sent no heartbeat before their leases ran out.</summary>
    public static Task<IReadOnlyList<LostAttempt>> LoseExpiredAsync(NpgsqlConnection connection, CancellationToken cancel) =>
        LoseAsync(connection, AttemptStatements.LoseExpired, [], null, null, cancel);

    private static async Task<IReadOnlyList<LostAttempt>> LoseAsync(NpgsqlConnection connection, string sql,
        IReadOnlyList<string> workers, FailureClass? blame, string? message, CancellationToken cancel) =>
        await connection.QueryAsync<LostAttempt>(sql, new
        {
            workers = workers.ToArray(),
            lost = LedgerText.Of(AttemptOutcome.Lost),
            blame = blame is { } known ? LedgerText.Of(known) : null,
            preempted = LedgerText.Of(FailureClass.Preempted),
            infrastructure = LedgerText.Of(FailureClass.Infrastructure),
            message = Redaction.Of(message),
        }, cancel);
}
