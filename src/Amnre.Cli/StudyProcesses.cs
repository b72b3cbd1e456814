using Amnre.Scheduler.Cluster;

namespace Amnre.Cli;

/// <summary>The processes of a study on this machine: this same program, as scheduler and as workers.</summary>
internal sealed class StudyProcesses(StudyOptions options, string connectionString, LocalCluster cluster)
{
    private bool _schedulerStarted;

    public void StartScheduler()
    {
        if (_schedulerStarted) return;
        _schedulerStarted = true;
        Keep("scheduler", "scheduler", "--dashboard", options.Dashboard);
    }

    public void StartWorkers()
    {
        for (var i = 0; i < options.Workers; i++) Keep($"worker-{i}", "worker");
    }

    private void Keep(string name, string verb, params string[] more)
    {
        var logs = Path.Combine(options.Store, "logs");
        Directory.CreateDirectory(logs);
        // The connection string holds a password: through the environment, which only this user can read.
        cluster.Keep(new ChildSpec(
            name,
            Environment.ProcessPath ?? throw new InvalidOperationException("this process does not know its own program"),
            [verb, "--store", options.Store, "--leave-with-input", .. more],
            new Dictionary<string, string> { ["AMNRE_POSTGRES"] = connectionString },
            Path.Combine(logs, $"{name}.out")));
    }
}
