using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Transport;

/// <summary>The transport's queues: jobs that need a GPU, and all others.</summary>
/// <remarks>The transport empties queues in alphabetical order, so a worker that serves both takes GPU work first.</remarks>
public static class JobQueues
{
    public const string Gpu = "accelerated";
    public const string Cpu = "plain";

    public static string For(JobResources resources) => resources.Gpus > 0 ? Gpu : Cpu;

    /// <summary>The queues that a worker with so many GPUs serves.</summary>
    public static IReadOnlyList<string> ServedBy(int gpus) => gpus > 0 ? [Gpu, Cpu] : [Cpu];
}
