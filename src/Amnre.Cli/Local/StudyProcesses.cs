using Microsoft.Extensions.Logging;
using Npgsql;

namespace Amnre.Cli.Local;

/// <summary>The processes of a study on this machine: this same program, as scheduler and as workers.</summary>
internal sealed class StudyProcesses(
    StudyOptions options, string connectionString, NpgsqlDataSource database, LocalCluster cluster, ILogger<WorkerDeaths> log)
{
    private readonly string _run = Guid.NewGuid().ToString("N")[..8];
    private readonly WorkerDeaths _deaths = new(database, log);
    private bool _schedulerStarted;

    public void StartScheduler()
    {
        if (_schedulerStarted) return;
        _schedulerStarted = true;
        cluster.Keep(_ => OwnProgram.Child("scheduler", options.Store, connectionString, ["scheduler", "--dashboard", options.Dashboard]));
    }

    public void StartWorkers()
    {
        var memory = $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Math.Max(1, options.Workers) >> 20}M";
        for (var i = 0; i < options.Workers; i++)
        {
            var place = i;
            cluster.Keep(
                start => Worker($"local-{_run}-{place}-{start}"),
                child => _deaths.ReportAsync(child.Name));
        }

        ChildSpec Worker(string id) => OwnProgram.Child(id, options.Store, connectionString, ["worker", "--id", id, "--memory", memory]);
    }
}
