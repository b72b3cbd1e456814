using Amnre.Engine;
using Amnre.Jobs.Ledger;
using Npgsql;

namespace Amnre.Jobs.Workers;

/// <summary>Who may take part in a ledger: programs of the build that its schedulers have.</summary>
public static class Admission
{
    /// <param name="database">Of the ledger, whose schema is this program's.</param>
    /// <param name="role">What asks: <c>worker</c>, <c>scheduler</c>.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="InputException">A scheduler of another build runs; both are named.</exception>
    public static async Task RequireSameBuildAsync(NpgsqlDataSource database, string role, CancellationToken cancel)
    {
        var schedulers = await new SchedulerRegistry(database).LiveAsync(cancel);
        if (ProgramVersion.Refusal(ProgramVersion.Build, role, schedulers.Select(scheduler => scheduler.Version)) is { } refusal)
            throw new InputException(refusal);
    }
}
