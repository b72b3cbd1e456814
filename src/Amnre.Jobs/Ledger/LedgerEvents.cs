using Amnre.Jobs.Logs;
using Npgsql;

namespace Amnre.Jobs.Ledger;

/// <summary>Appends to the log of what happened, without secrets, inside the caller's transaction.</summary>
internal static class LedgerEvents
{
    /// <summary>The kind of an event that says that a published file was found damaged or lost.</summary>
    public const string Damage = "damage";

    /// <summary>The kind of an event that says that a result came out with other bytes on another kind of device, as it may.</summary>
    public const string Variation = "variation";

    public static Task RecordAsync(NpgsqlConnection connection, long? experimentId, long? jobId, string kind,
        string message, CancellationToken cancel) =>
        connection.ExecuteAsync(
            """
            insert into amnre.events (experiment_id, job_id, kind, message) values (@experimentId, @jobId, @kind, @message)
            """, new { experimentId, jobId, kind, message = Redaction.Of(message) }, cancel);

    /// <summary>What became of jobs of one experiment, however many.</summary>
    public static async Task RecordAsync(
        NpgsqlConnection connection, long experimentId, IReadOnlyList<(long Job, string Kind, string Message)> happened,
        CancellationToken cancel)
    {
        if (happened.Count == 0) return;
        await connection.ExecuteAsync(
            """
            insert into amnre.events (experiment_id, job_id, kind, message)
            select @experimentId, h.job, h.kind, h.message
              from unnest(@jobs, @kinds, @messages) with ordinality as h (job, kind, message, place) order by h.place
            """,
            new
            {
                experimentId,
                jobs = happened.Select(one => one.Job).ToArray(),
                kinds = happened.Select(one => one.Kind).ToArray(),
                messages = happened.Select(one => Redaction.Of(one.Message)).ToArray(),
            }, cancel);
    }
}
