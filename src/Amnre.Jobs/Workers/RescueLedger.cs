using Amnre.Jobs.Attempts;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Statements;
using Npgsql;

namespace Amnre.Jobs.Workers;

/// <inheritdoc cref="IRescueLedger"/>
public sealed class RescueLedger(NpgsqlDataSource database) : IRescueLedger
{
    public async Task<IReadOnlyList<LostAttempt>> RescueAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await AttemptEnds.LoseExpiredAsync(connection, cancel);
    }

    public async Task<int> RetireSilentWorkersAsync(TimeSpan heartbeatTimeout, CancellationToken cancel)
    {
        return await database.ExecuteAsync(WorkerStatements.Retire, new { heartbeatTimeout }, cancel);
    }
}
