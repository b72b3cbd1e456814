using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Logs;
using Amnre.Jobs.Statements;
using Npgsql;

namespace Amnre.Jobs.Transitions;

/// <summary>Writes job changes in one statement, each on condition that its job is still in the state that the decision saw.</summary>
internal static class GraphWriter
{
    /// <exception cref="LedgerConflictException">A job moved meanwhile; nothing may be committed, decide again.</exception>
    public static async Task WriteAsync(
        NpgsqlConnection connection, long experimentId, long[] ids, IReadOnlyList<JobChange> changes, CancellationToken cancel)
    {
        if (changes.Count == 0)
        {
            return;
        }

        var written = await connection.ExecuteAsync(JobStatements.Change, new
        {
            Ids = changes.Select(change => ids[change.Job]).ToArray(),
            From = changes.Select(change => LedgerText.Of(change.From)).ToArray(),
            To = changes.Select(change => LedgerText.Of(change.To.State)).ToArray(),
            Unmet = changes.Select(change => change.To.Unmet).ToArray(),
            Delays = changes.Select(change => change.Delay).ToArray(),
            Reasons = changes.Select(change => Redaction.Of(change.Reason)).ToArray(),
            Final = changes.Select(change => change.To.State.IsFinal).ToArray(),
            Fresh = changes.Select(change => change.FreshBudget).ToArray(),
            Anew = changes.Select(change => change.Anew).ToArray(),
        }, cancel);
        if (written != changes.Count)
        {
            throw new LedgerConflictException(experimentId);
        }

        await LedgerEvents.RecordAsync(connection, experimentId, [.. changes
            .Where(change => change.Reason is not null
                && (change.FreshBudget || change.From.IsFinal || change.To.State is JobState.Failed or JobState.Ready or JobState.Pruned
                || (change.From == JobState.Running && change.To.State == JobState.Waiting)))
            .Select(change => (ids[change.Job], LedgerText.Of(change.To.State), change.Reason!))], cancel);
    }
}

/// <summary>Two writers met; the later one must look again.</summary>
public sealed class LedgerConflictException(long experimentId) : Exception($"the jobs of experiment {experimentId} changed meanwhile");
