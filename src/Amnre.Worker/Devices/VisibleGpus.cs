namespace Amnre.Worker.Devices;

/// <summary>The GPUs that this process may use.</summary>
public static class VisibleGpus
{
    /// <summary>What limits a process to some of a machine's GPUs.</summary>
    public const string Variable = "CUDA_VISIBLE_DEVICES";

    /// <summary>What <see cref="Variable"/> grants, else every NVIDIA device of the machine.</summary>
    public static IReadOnlyList<string> Now() =>
        Of(Environment.GetEnvironmentVariable(Variable), Directory.Exists("/dev") ? Directory.EnumerateFiles("/dev", "nvidia*") : []);

    /// <param name="granted">Numbers or UUIDs with commas between; as in CUDA's own reading, what follows a <c>-1</c> does not count. Null
    /// grants all.</param>
    /// <param name="nodes">Device files, such as <c>/dev/nvidia0</c>.</param>
    internal static IReadOnlyList<string> Of(string? granted, IEnumerable<string> nodes) => granted is not null
        ? [.. granted.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .TakeWhile(device => !device.StartsWith('-') && device != "NoDevFiles")]
        : [.. nodes.Select(node => Path.GetFileName(node)["nvidia".Length..]).Where(number => int.TryParse(number, out _))
            .OrderBy(int.Parse)];
}
