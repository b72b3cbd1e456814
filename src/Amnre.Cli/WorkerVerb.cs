using System.CommandLine;
using Amnre.Cli.Local;
using Amnre.Cli.Logs;
using Amnre.Cli.Studies;
using Amnre.Cli.Terminal;
using Amnre.Engine;
using Amnre.Jobs.Specs;
using Amnre.Worker;
using Amnre.Worker.Devices;
using Amnre.Worker.Drain;
using Amnre.Worker.Hosting;
using Amnre.Worker.Kinds;

namespace Amnre.Cli;

/// <summary><c>amnre worker</c>: does jobs until asked to leave; one process for each share of the GPUs, and as many without as asked
/// for.</summary>
internal static class WorkerVerb
{
    public static Command Create()
    {
        var store = CommonOptions.Store();
        var postgres = CommonOptions.Postgres();
        var id = new Option<string?>("--id")
        {
            Description = "Name in the list of workers; never used twice [default: made from host and process]",
        };
        var lease = new Option<double>("--lease")
        {
            Description = "Seconds that a claim outlives the worker's last heartbeat; heartbeats come four times as often",
            DefaultValueFactory = _ => 30,
        };
        var gpusPerWorker = new Option<int>("--gpus-per-worker")
        {
            Description = "GPUs that each worker process binds, of those that CUDA_VISIBLE_DEVICES grants [default: 1]",
            DefaultValueFactory = _ => 1,
        };
        var cpuWorkers = new Option<int?>("--cpu-workers")
        {
            Description = "Worker processes that use no GPU; with them, those with GPUs take only jobs that need one [default: 1 without " +
                "a GPU, else 0]",
        };
        var gpuJobsOnly = new Option<bool>("--gpu-jobs-only") { Description = "Take only jobs that need a GPU" };
        var memory = new Option<string?>("--memory")
        {
            Description = "What the jobs here may use, all processes together: a number and K, M, G or T [default: all that the machine " +
                "or the allocation has]",
        };
        var leave = CommonOptions.LeaveWithInput();
        var verb = new Command(
            "worker",
            """
            Run workers: each takes jobs from the queue, one at a time. SIGTERM makes them save their state and return their jobs to the queue; so does the
            coming end of a Slurm allocation.

            Examples:
              AMNRE_POSTGRES='Host=db;Database=amnre;Username=amnre' amnre worker --store /shared/store
              amnre worker --store /shared/store --gpus-per-worker 1 --cpu-workers 2     on a machine with GPUs
            """)
        { store, postgres, id, gpusPerWorker, cpuWorkers, gpuJobsOnly, memory, lease, leave };
        verb.SetAction(async (parsed, stop) =>
        {
            var folder = CommonOptions.StoreFolder(parsed.GetRequiredValue(store));
            // It becomes part of file names.
            if (parsed.GetValue(id) is { } name && !PlainName.Is(name))
                throw new InputException(
                    $"--id '{name}' is no name for a worker: {PlainName.Rule}");
            if (parsed.GetValue(lease) is not (>= 2 and <= 3600) and var seconds)
                throw new InputException($"--lease {seconds} is out of range: from 2 to 3600 seconds");
            var connectionString = CommonOptions.RequiredConnectionString(parsed.GetValue(postgres));
            var devices = VisibleGpus.Now();
            var slots = WorkerSlots.Of(devices, parsed.GetValue(gpusPerWorker), parsed.GetValue(cpuWorkers));
            var bytes = MemoryOf(parsed.GetValue(memory));
            OpenFiles.Require(Console.Error);
            using var logging = LoggingSetup.Create(folder, "worker");
            if (slots is not [var only] || only.Devices.Count != devices.Count)
            {
                using var leaving = CommonOptions.Leaving(parsed.GetValue(leave), stop);
                Console.WriteLine($"workers: {slots.Count}; what each says is in {Path.Combine(folder, "logs")}");
                await new WorkerCrew(folder, connectionString, parsed.GetValue(id), bytes / slots.Count, parsed.GetValue(lease),
                    TimeProvider.System, logging,
                        new WaitingText(Console.Error, connectionString).Say)
                    .RunAsync(slots, leaving.Token);
                return ExitCode.Success;
            }

            await WorkerHost.RunAsync(new WorkerOptions
            {
                ConnectionString = connectionString,
                StoreRoot = folder,
                Executions = JobExecutions.All,
                WorkerId = parsed.GetValue(id),
                Lease = TimeSpan.FromSeconds(parsed.GetValue(lease)),
                Gpus = only.Devices,
                MemoryBytes = bytes,
                GpuJobsOnly = parsed.GetValue(gpuJobsOnly) || only.GpuJobsOnly,
                Allocation = SlurmAllocation.Current(),
                ExitWithStandardInput = parsed.GetValue(leave),
                OnWaiting = new WaitingText(Console.Error, connectionString).Say,
                OnAdmitted = logging.Admit,
                OnJoined = name => Console.WriteLine($"worker: {name}"),
                Loggers = logging,
            }, stop);
            return ExitCode.Success;
        });
        return verb;
    }

    private static long MemoryOf(string? text) => text is null
        ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes
        : MemorySize.Parse(text)
        ?? throw new InputException($"--memory '{text}' is no size: write a whole number and K, M, G or T, such as 16G");
}
