using Amnre.Scheduler.Cluster;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Amnre.Cli;

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
        cluster.Keep(_ => Child("scheduler", "scheduler", "--dashboard", options.Dashboard));
    }

    public void StartWorkers()
    {
        for (var i = 0; i < options.Workers; i++)
        {
            var place = i;
            cluster.Keep(
                start => Child($"local-{_run}-{place}-{start}", "worker", "--id", $"local-{_run}-{place}-{start}"),
                child => _deaths.ReportAsync(child.Name));
        }
    }

    private ChildSpec Child(string name, string verb, params string[] more)
    {
        var logs = Path.Combine(options.Store, "logs");
        Directory.CreateDirectory(logs);
        // The connection string holds a password: through the environment, which only this user can read.
        return new ChildSpec(
            name,
            Environment.ProcessPath ?? throw new InvalidOperationException("this process does not know its own program"),
            [verb, "--store", options.Store, "--leave-with-input", .. more],
            new Dictionary<string, string> { ["AMNRE_POSTGRES"] = connectionString },
            Path.Combine(logs, $"{name}.out"));
    }
}
