using Amnre.Jobs.Specs;

namespace Amnre.Experiments.Fields;

/// <summary>Reads <c>resources</c>: what a job asks of the machine it runs on. Changes no result.</summary>
internal static class ResourceReader
{
    /// <summary>What may be written there.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["cpus", "gpus", "memory", "time", "same_kind"];

    /// <summary>A value that a field may have, for messages.</summary>
    public static string Example(string field) => field switch { "memory" => "16G", "time" => "03:00:00", "same_kind" => "true", _ => "1" };

    /// <param name="body">The section that has them.</param>
    /// <param name="isResumable">Its jobs save their state and may be resumed elsewhere.</param>
    public static JobResources Read(Section body, bool isResumable = false)
    {
        if (body.Nested("resources") is not { } resources) return new JobResources();
        var defaults = new JobResources();
        var read = new JobResources
        {
            Cpus = resources.Value("cpus", defaults.Cpus),
            Gpus = resources.Value("gpus", defaults.Gpus),
            MemoryBytes = Memory(resources),
            Time = Time(resources),
            SameKind = isResumable && resources.Value("same_kind", defaults.SameKind),
        };
        if (read.Cpus < 1) resources.Error("cpus", $"{read.Cpus} CPUs cannot be: write 1 or more");
        if (read.Gpus < 0) resources.Error("gpus", $"{read.Gpus} GPUs cannot be: write 0 or more");
        resources.RefuseTheRest();
        return read;
    }

    private static long Memory(Section resources)
    {
        if (resources.Text("memory") is not { } text) return 0;
        if (MemorySize.Parse(text) is { } bytes) return bytes;
        resources.Error("memory", $"memory '{text}' is no size: write a whole number and K, M, G or T, such as 16G");
        return 0;
    }

    private static TimeSpan? Time(Section resources)
    {
        if (resources.Text("time") is not { } text) return null;
        if (TimeLimit.Parse(text) is { } time) return time;
        resources.Error("time", $"time '{text}' is no length of time: write hours:minutes:seconds or days-hours:minutes:seconds, such as " +
            "03:00:00 or 1-00:00:00 (a number alone is minutes)");
        return null;
    }
}
