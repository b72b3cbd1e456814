using System.Security.Cryptography;
using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Workers;
using Amnre.Worker.Devices;

namespace Amnre.Worker;

/// <summary>Who this worker is.</summary>
internal sealed record WorkerIdentity(WorkerEntry Entry)
{
    public string Id => Entry.Id;

    /// <param name="options">What it was told.</param>
    /// <param name="timeLeft">Until the batch system ends its allocation; null where nothing does.</param>
    /// <param name="gpus">Models of the GPUs that it may use.</param>
    public static WorkerIdentity Of(WorkerOptions options, TimeSpan? timeLeft, IReadOnlyList<string> gpus) => new(new WorkerEntry(
        options.WorkerId ?? $"{Environment.MachineName}-{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}",
        Environment.MachineName, Environment.ProcessId, Slots: 1,
        options.GpuJobsOnly ? [JobQueues.Gpu] : JobQueues.ServedBy(options.Gpus.Count), options.Allocation?.Id)
    {
        TimeLeft = timeLeft,
        Version = ProgramVersion.Build,
        Device = OwnDevice.Of(gpus),
        MemoryBytes = options.MemoryBytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
    });
}
