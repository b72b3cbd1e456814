using Amnre.Jobs.Ledger;
using Npgsql;

namespace Amnre.Jobs.Views;

/// <summary>How jobs and their attempts are read from the ledger.</summary>
internal static class JobRows
{
    /// <param name="connection">To the ledger.</param>
    /// <param name="which">Ends the statement.</param>
    /// <param name="parameters">Of the statement.</param>
    /// <param name="cancel">Ends the reading.</param>
    public static async Task<IReadOnlyList<JobSnapshot>> ReadAsync(NpgsqlConnection connection, string which, object parameters,
        CancellationToken cancel) =>
        await connection.QueryAsync<JobSnapshot, AttemptSnapshot?, JobSnapshot>(
            $"{JobsSql} {which}", parameters,
            (job, attempt) => attempt is null
                ? job
                : job with { Attempt = attempt, Attempts = attempt.Number }, "token", cancel);

    /// <summary>Of attempt <c>a</c> and its worker <c>w</c>, as <see cref="AttemptSnapshot"/> has them.</summary>
    public const string AttemptColumns =
        """
        a.token, a.number, a.worker, w.host, a.started_at, a.ended_at, a.lease_until, a.outcome, a.failure_class, a.message, w.slurm_id,
          w.version, a.progress::text as progress_json, a.device::text as device_json
        """;

    private const string JobsSql =
        $"""
        select j.id, j.ordinal, j.name, j.kind, j.state, j.reason, j.unmet, j.not_before,
          j.cancel_requested_at is not null as cancel_requested, j.finished_at, {AttemptColumns}
        from amnre.jobs j left join amnre.attempts a on a.token = j.token left join amnre.workers w on w.id = a.worker
        """;
}
