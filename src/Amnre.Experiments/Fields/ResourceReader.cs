using Amnre.Jobs.Specs;

namespace Amnre.Experiments.Fields;

/// <summary>Reads <c>resources</c>: what a job asks of the machine it runs on. Changes no result.</summary>
internal static class ResourceReader
{
    public static JobResources Read(Section body)
    {
        if (body.Nested("resources") is not { } resources) return new JobResources();
        var usual = new JobResources();
        var read = new JobResources
        {
            Cpus = resources.SmallInteger("cpus", usual.Cpus),
            Gpus = resources.SmallInteger("gpus", usual.Gpus),
            MemoryBytes = Memory(resources),
            Time = Time(resources),
        };
        if (read.Cpus < 1) resources.Fault("cpus", $"{read.Cpus} CPUs cannot be: write 1 or more");
        if (read.Gpus < 0) resources.Fault("gpus", $"{read.Gpus} GPUs cannot be: write 0 or more");
        resources.RefuseTheRest();
        return read;
    }

    private static long Memory(Section resources)
    {
        if (resources.Text("memory") is not { } text) return 0;
        if (MemorySize.Parse(text) is { } bytes) return bytes;
        resources.Fault("memory", $"memory '{text}' is no size: write a whole number and K, M, G or T, such as 16G");
        return 0;
    }

    private static TimeSpan? Time(Section resources)
    {
        if (resources.Text("time") is not { } text) return null;
        if (TimeLimit.Parse(text) is { } time) return time;
        resources.Fault("time", $"time '{text}' is no length of time: write hours:minutes:seconds or days-hours:minutes:seconds, such as " +
            "03:00:00 or 1-00:00:00 (a number alone is minutes)");
        return null;
    }
}
