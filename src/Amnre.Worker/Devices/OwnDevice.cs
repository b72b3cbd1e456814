using Amnre.Engine.Native;
using Amnre.Jobs.Ledger;

namespace Amnre.Worker.Devices;

/// <summary>What this process computes on.</summary>
internal static class OwnDevice
{
    /// <param name="gpus">Models of the GPUs that it may use.</param>
    public static DeviceFacts Of(IReadOnlyList<string> gpus) => new()
    {
        Processor = ProcessorKind.Here.Model,
        Family = ProcessorKind.Here.Family,
        Vectors = ProcessorKind.Here.Vectors,
        Kernels = ProcessorKind.Here.Kernels,
        Torch = TorchVersion.Here,
        Gpu = gpus.Count == 0 ? null : string.Join(" + ", gpus.Distinct().Order(StringComparer.Ordinal)),
    };
}
