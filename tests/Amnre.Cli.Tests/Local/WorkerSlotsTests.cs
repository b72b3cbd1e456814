using Amnre.Cli.Local;
using Amnre.Engine;

namespace Amnre.Cli.Tests.Local;

public sealed class WorkerSlotsTests
{
    [Theory]
    [InlineData("0,1,2,3", 1, null, "0 1 2 3")]
    [InlineData("0,1,2,3", 2, null, "0,1 2,3")]
    [InlineData("0,1,2", 2, null, "0,1")]
    [InlineData("0,1", 1, 2, "0! 1! - -")]
    [InlineData("", 1, null, "-")]
    [InlineData("", 1, 3, "- - -")]
    public void Each_worker_binds_its_share(string devices, int gpusPerWorker, int? cpuWorkers, string slots) =>
    Assert.Equal(slots, string.Join(' ',
        WorkerSlots.Of(Split(devices), gpusPerWorker, cpuWorkers)
            .Select(slot => (slot.Devices.Count == 0 ? "-" : string.Join(',', slot.Devices)) + (slot.GpuJobsOnly ? "!" : ""))));

    [Theory]
    [InlineData("0", 2, null, "--gpus-per-worker 2 is more than the 1 GPU here")]
    [InlineData("", 1, 0, "--cpu-workers 0 leaves no worker")]
    [InlineData("0", 0, null, "--gpus-per-worker 0 is out of range")]
    [InlineData("0", 1, -1, "--cpu-workers -1 is out of range")]
    public void What_makes_no_worker_is_said(string devices, int gpusPerWorker, int? cpuWorkers, string words) =>
        Assert.Contains(words, Assert.Throws<InputException>(() => WorkerSlots.Of(Split(devices), gpusPerWorker, cpuWorkers)).Message,
            StringComparison.Ordinal);

    private static string[] Split(string devices) => devices.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
