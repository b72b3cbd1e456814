using Amnre.Engine;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Statements;
using Npgsql;

namespace Amnre.Jobs.Transitions;

/// <summary>Reopens an experiment that had ended, inside the caller's transaction.</summary>
internal static class Reopening
{
    /// <exception cref="InputException">A later version of the experiment was submitted since: its jobs are the ones to work
    /// on.</exception>
    public static async Task OpenAsync(NpgsqlConnection connection, long experimentId, CancellationToken cancel)
    {
        // Submissions of the name take the same lock, so none slips in between the look and the change.
        await connection.ExecuteAsync(
            "select pg_advisory_xact_lock(hashtextextended(name, 1)) from amnre.experiments where id = @experimentId", new { experimentId }, cancel);
        var (name, version, newest) = await connection.QuerySingleAsync<(string, int, int)>(
            """
            select e.name, e.version, (select max(o.version) from amnre.experiments o where o.name = e.name)
            from amnre.experiments e where e.id = @experimentId
            """, new { experimentId }, cancel);
        if (version != newest)
        {
            throw new InputException($"version {version} of experiment '{name}' was followed by version {newest}: ask for that one, or " +
                "submit the earlier file again");
        }

        var reopened = await connection.ExecuteAsync(ExperimentStatements.Reopen, new { experimentId }, cancel);
        if (reopened == 1)
        {
            await LedgerEvents.RecordAsync(connection, experimentId, null, "reopened", "reopened on request", cancel);
        }
    }
}
