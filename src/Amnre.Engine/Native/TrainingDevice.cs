using System.Globalization;
using static TorchSharp.torch;

namespace Amnre.Engine.Native;

/// <summary>The device that settings name: <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
internal static class TrainingDevice
{
    private const string Gpu = "cuda";

    /// <summary>What is wrong with the name, whatever this machine has; null when nothing is.</summary>
    public static string? Fault(string name) => name is "cpu" or Gpu || Index(name) is not null
        ? null
        : $"'{name}' is unknown: give cpu, cuda or cuda:N";

    /// <exception cref="InputException">This machine, or the libtorch in use, has no such device.</exception>
    public static Device Open(string name)
    {
        TorchLibrary.EnsureLoaded();
        if (name == "cpu") return CPU;
        if (!cuda.is_available())
            throw new InputException(
                $"device '{name}' is not there: libtorch sees no GPU. Give device cpu, run where nvidia-smi lists a GPU, or set " +
                    $"{TorchLibrary.FolderVariable} to the lib folder of a PyTorch built for CUDA");
        var index = Index(name) ?? 0;
        var count = cuda.device_count();
        return index < count
            ? new Device(TorchSharp.DeviceType.CUDA, index)
            : throw new InputException($"device '{name}' is not there: this process sees {count} GPU{(count == 1 ? "" : "s")}, " +
                $"cuda:0{(count > 1 ? $" to cuda:{count - 1}" : "")} (CUDA_VISIBLE_DEVICES decides)");
    }

    private static int? Index(string name) =>
        name.StartsWith(Gpu + ":", StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(Gpu.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : null;
}
