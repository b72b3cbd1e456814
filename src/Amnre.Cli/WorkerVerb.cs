using System.CommandLine;
using Amnre.Worker.Execution;
using Amnre.Worker.Hosting;

namespace Amnre.Cli;

/// <summary><c>amnre worker</c>: does jobs, one at a time, until asked to leave.</summary>
internal static class WorkerVerb
{
    public static Command Create()
    {
        var store = CommonOptions.Store();
        var postgres = CommonOptions.Postgres();
        var id = new Option<string?>("--id") { Description = "Name in the list of workers; never used twice [default: made from host and process]" };
        var lease = new Option<double>("--lease")
        {
            Description = "Seconds that a claim outlives the worker's last heartbeat; heartbeats come four times as often",
            DefaultValueFactory = _ => 30,
        };
        lease.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<double>() is not (>= 2 and <= 3600)) given.AddError("--lease must be between 2 and 3600 seconds");
        });
        var leave = CommonOptions.LeaveWithInput();
        var verb = new Command(
            "worker",
            """
            Run a worker: it takes jobs from the queue, one at a time. SIGTERM makes it save its state and hand its job back.

            Example:
              AMNRE_POSTGRES='Host=db;Database=amnre;Username=amnre;Password=…' amnre worker --store /shared/store
            """)
        { store, postgres, id, lease, leave };
        verb.SetAction(async (parsed, stop) =>
        {
            var folder = Path.GetFullPath(parsed.GetRequiredValue(store));
            using var logging = LoggingSetup.Create(folder, "worker");
            await WorkerHost.RunAsync(new WorkerOptions
            {
                ConnectionString = CommonOptions.RequiredConnectionString(parsed.GetValue(postgres)),
                StoreRoot = folder,
                Executions = JobExecutions.All,
                WorkerId = parsed.GetValue(id),
                Lease = TimeSpan.FromSeconds(parsed.GetValue(lease)),
                ExitWithStandardInput = parsed.GetValue(leave),
                Loggers = logging,
            }, stop);
            return ExitCode.Success;
        });
        return verb;
    }
}
