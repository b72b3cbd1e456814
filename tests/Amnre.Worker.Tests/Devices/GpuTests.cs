using Amnre.Jobs.Workers;
using Amnre.Worker.Devices;

namespace Amnre.Worker.Tests.Devices;

public sealed class GpuTests
{
    [Theory]
    [InlineData("0,2", "0 2")]
    [InlineData("", "")]
    [InlineData("-1", "")]
    [InlineData("1,-1,2", "1")]
    [InlineData("NoDevFiles", "")]
    [InlineData("GPU-8932f937,GPU-a1", "GPU-8932f937 GPU-a1")]
    [InlineData(null, "0 1 10")]
    public void What_is_granted_counts_and_else_what_is_there(string? granted, string devices) =>
        Assert.Equal(devices,
            string.Join(' ',
                VisibleGpus.Of(granted, ["/dev/nvidia10", "/dev/nvidiactl", "/dev/nvidia1", "/dev/nvidia0", "/dev/nvidia-uvm"])));

    [Fact]
    public void Readings_are_those_of_ones_own_devices()
    {
        const string csv =
            """
            0, GPU-8932f937-d72c-4106-c12f-20bd9faed9f6, NVIDIA H100 80GB HBM3, 1204, 81559, 37
            1, GPU-5b2c6a40-0000-4106-c12f-20bd9faed9f6, NVIDIA H100 80GB HBM3, [N/A], [N/A], [N/A]
            Failed to initialize NVML
            """;

        Assert.Equal([new GpuReading(0, "NVIDIA H100 80GB HBM3", 1204, 81559, 37)], GpuProbe.Parse(csv, ["0"]));
        Assert.Equal([new GpuReading(1, "NVIDIA H100 80GB HBM3", null, null, null)], GpuProbe.Parse(csv, ["GPU-5b2c"]));
        Assert.Equal("NVIDIA H100 80GB HBM3, 37 % busy, 1204 of 81559 MiB", GpuProbe.Parse(csv, ["0"])[0].ToString());
        Assert.Equal("NVIDIA H100 80GB HBM3", GpuProbe.Parse(csv, ["1"])[0].ToString());
    }
}
