using Amnre.Jobs.Ledger;
using Amnre.Jobs.Statements;
using Npgsql;

namespace Amnre.Jobs.Operations;

/// <summary>Asks for an experiment to be cancelled: what has not started never will, what runs is stopped; what is published
/// stays.</summary>
public sealed class Cancellation(NpgsqlDataSource database)
{
    /// <returns>False when the experiment is unknown or has ended.</returns>
    public async Task<bool> CancelAsync(long experimentId, CancellationToken cancel)
    {
        return await database.ExecuteScalarAsync<bool>(
            ExperimentStatements.AskToCancel, new { experimentId, LedgerDatabase.Channel }, cancel);
    }
}
