using Amnre.Jobs.Workers;
using Microsoft.Extensions.Logging;

namespace Amnre.Worker.Devices;

/// <summary>Tells the ledger now and then what this worker's GPUs do.</summary>
internal sealed class GpuReport(WorkerRegistry registry, string workerId, IReadOnlyList<string> devices, TimeProvider clock,
    ILogger<GpuReport> logger)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(15);

    public async Task RunAsync(CancellationToken stop)
    {
        while (devices.Count > 0 && !stop.IsCancellationRequested)
        {
            try
            {
                var readings = await GpuProbe.ReadAsync(devices, stop);
                if (readings.Count == 0) return; // No driver that tells.
                await registry.ShowGpusAsync(workerId, readings, stop);
            }
            catch (Exception e) // A look at a page is worth no worker.
            {
                logger.LogDebug("GPUs were not shown: {Message}", e.Message);
            }

            await Task.Delay(Pace, clock, stop).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }
}
