namespace Amnre.Worker.Devices;

/// <summary>How many GPUs this process may use.</summary>
public static class GpuCount
{
    /// <summary>What CUDA_VISIBLE_DEVICES grants, else how many NVIDIA device nodes there are.</summary>
    public static int Visible() => Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES") is { } granted
        ? granted.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Count(device => !device.StartsWith('-'))
        : Directory.EnumerateFiles("/dev", "nvidia*").Count(node => int.TryParse(Path.GetFileName(node)["nvidia".Length..], out _));
}
