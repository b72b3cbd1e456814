using Amnre.Jobs.Workers;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Amnre.Cli.Local;

/// <summary>Reports the end of a worker's process as soon as it is seen: its job need not wait for the lease to run out.</summary>
internal sealed class WorkerDeaths(NpgsqlDataSource database, ILogger<WorkerDeaths> log)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public async Task ReportAsync(string worker)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        try
        {
            await new WorkerRegistry(database).ReportDeadAsync(worker, $"worker {worker}: its process ended", timeout.Token);
        }
        catch (Exception failure) // The lease says the same a little later.
        {
            log.LogWarning(failure, "could not report the end of {Worker}", worker);
        }
    }
}
