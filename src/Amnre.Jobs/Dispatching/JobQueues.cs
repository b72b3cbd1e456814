using System.Security.Cryptography;
using System.Text;
using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Dispatching;

/// <summary>The transport's queues: jobs that need a GPU, and all others.</summary>
/// <remarks>The transport empties queues in alphabetical order, so a worker that serves both takes GPU work first.</remarks>
public static class JobQueues
{
    public const string Gpu = "accelerated";
    public const string Cpu = "plain";

    /// <summary>What the names of queues of single workers begin with; digits come before letters, so a worker empties its own
    /// first.</summary>
    public const string OwnPrefix = "0for-";

    /// <summary>The shared queues.</summary>
    public static string[] All => [Gpu, Cpu];

    /// <summary>The queue of jobs that one worker alone gets.</summary>
    public static string Of(string workerId) =>
        OwnPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(workerId)))[..16];

    public static string For(JobResources resources) => resources.Gpus > 0 ? Gpu : Cpu;

    /// <summary>The queues that a worker with so many GPUs serves.</summary>
    public static IReadOnlyList<string> ServedBy(int gpus) => gpus > 0 ? [Gpu, Cpu] : [Cpu];
}
