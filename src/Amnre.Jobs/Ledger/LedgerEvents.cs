using Dapper;
using Npgsql;

namespace Amnre.Jobs.Ledger;

/// <summary>Appends to the log of what happened, inside the caller's transaction.</summary>
internal static class LedgerEvents
{
    public static Task RecordAsync(NpgsqlConnection connection, long? experimentId, long? jobId, long? token, string kind, string message) =>
        connection.ExecuteAsync(
            """
            insert into amnre.events (experiment_id, job_id, token, kind, message)
            values (@ExperimentId, @JobId, @Token, @Kind, @Message)
            """, new { ExperimentId = experimentId, JobId = jobId, Token = token, Kind = kind, Message = message });
}
