using Amnre.Engine;

namespace Amnre.Cli.Local;

/// <summary>One worker process of an allocation.</summary>
/// <param name="Devices">Its CUDA_VISIBLE_DEVICES; empty without a GPU.</param>
/// <param name="GpuJobsOnly">Others are there for jobs without GPUs, so it keeps its devices for those that need them.</param>
public sealed record WorkerSlot(IReadOnlyList<string> Devices, bool GpuJobsOnly);

/// <summary>Which worker processes an allocation's GPUs and CPUs make. Pure.</summary>
public static class WorkerSlots
{
    /// <param name="devices">The allocation's GPUs.</param>
    /// <param name="gpusPerWorker">GPUs that each worker binds; those that are left over stay idle.</param>
    /// <param name="cpuWorkers">Workers without a GPU; null means one where there is no GPU, none where there is.</param>
    /// <exception cref="InputException">Too few GPUs for one worker, or no worker at all.</exception>
    public static IReadOnlyList<WorkerSlot> Of(IReadOnlyList<string> devices, int gpusPerWorker, int? cpuWorkers)
    {
        if (gpusPerWorker < 1) throw new InputException($"--gpus-per-worker {gpusPerWorker} is out of range: 1 or more");
        if (cpuWorkers < 0) throw new InputException($"--cpu-workers {cpuWorkers} is out of range: 0 or more");
        if (devices.Count > 0 && devices.Count < gpusPerWorker)
            throw new InputException($"--gpus-per-worker {gpusPerWorker} is more than the {devices.Count} " +
                $"GPU{(devices.Count == 1 ? "" : "s")} here (CUDA_VISIBLE_DEVICES decides): ask for more GPUs, or give less");
        var plain = cpuWorkers ?? (devices.Count > 0 ? 0 : 1);
        if (devices.Count == 0 && plain == 0) throw new InputException("--cpu-workers 0 leaves no worker: there is no GPU here");
        return
        [
            .. devices.Chunk(gpusPerWorker).Where(share => share.Length == gpusPerWorker)
                .Select(share => new WorkerSlot(share, GpuJobsOnly: plain > 0)),
            .. Enumerable.Repeat(new WorkerSlot([], GpuJobsOnly: false), plain),
        ];
    }
}
