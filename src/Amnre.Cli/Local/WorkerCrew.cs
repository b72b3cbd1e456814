using System.Security.Cryptography;
using Amnre.Cli.Logs;
using Amnre.Cli.Terminal;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Workers;
using Amnre.Worker.Devices;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Amnre.Cli.Local;

/// <summary>The worker processes of one allocation: this same program, once for each slot, each with its own share of the GPUs.
/// One that dies is started again; one that was asked to leave is not, and when all have left so does the crew.</summary>
internal sealed class WorkerCrew(
    string store, string connectionString, string? name, long memory, double leaseSeconds, TimeProvider clock, StoreLogging loggers,
    Action<string> waiting)
{
    /// <summary>For workers to save their state and return their jobs to the queue, which they bound themselves.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    public async Task RunAsync(IReadOnlyList<WorkerSlot> slots, CancellationToken stop)
    {
        var crew = name ?? $"{Environment.MachineName}-{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}";
        await using var database = LedgerDatabase.Open(connectionString, $"amnre crew {crew}");
        if (!await AdmittedAsync(database, stop)) return;
        loggers.Admit();
        var deaths = new WorkerDeaths(database, loggers.CreateLogger<WorkerDeaths>());
        await using var cluster = new LocalCluster(clock, loggers.CreateLogger<LocalCluster>());
        var all = Task.WhenAll(slots.Select((slot, place) => cluster.Keep(
            start => Child(slot, $"{crew}-{place}-{start}"), child => deaths.ReportAsync(child.Name),
            code => code is not (ExitCode.Success or ExitCode.BadInput))));
        await Task.WhenAny(all, Task.Delay(Timeout.InfiniteTimeSpan, clock, stop));
        await cluster.LeaveAsync(Grace);
    }

    /// <summary>What each process would be refused for is said once, and none is started. A database that is not there yet is waited
    /// for.</summary>
    /// <returns>False when asked to leave meanwhile.</returns>
    private async Task<bool> AdmittedAsync(NpgsqlDataSource database, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await LedgerSchema.MigrateAsync(database, stop);
                await Admission.RequireSameBuildAsync(database, "worker", stop);
                await new StoreLedger(database).RequireAsync(store, stop);
                return true;
            }
            catch (Exception away) when (DatabaseOutage.IsTransient(away))
            {
                loggers.CreateLogger<WorkerCrew>().LogWarning("The database is out of reach: {Message}", away.Message);
                waiting(away.Message);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return false;
            }

            await Task.WhenAny(Task.Delay(LookEvery, clock, stop));
        }

        return false;
    }

    private ChildSpec Child(WorkerSlot slot, string id)
    {
        string[] binding = slot.Devices.Count > 0 ? ["--gpus-per-worker", $"{slot.Devices.Count}"] : [];
        string[] choosy = slot.GpuJobsOnly ? ["--gpu-jobs-only"] : [];
        return OwnProgram.Child(
            id, store, connectionString,
            ["worker", "--id", id, "--lease", $"{leaseSeconds}", "--memory", $"{memory >> 20}M", .. binding, .. choosy],
            (VisibleGpus.Variable, string.Join(',', slot.Devices)));
    }
}
