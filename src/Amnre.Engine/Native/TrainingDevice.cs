using Amnre.Engine.Settings;
using static TorchSharp.torch;

namespace Amnre.Engine.Native;

/// <summary>Opens the device that settings name.</summary>
internal static class TrainingDevice
{
    /// <exception cref="InputException">This machine, or the libtorch in use, has no such device.</exception>
    public static Device Open(ComputeDevice device)
    {
        TorchLibrary.EnsureLoaded();
        if (device.IsCpu) return CPU;
        if (!cuda.is_available())
            throw new InputException(
                $"device '{device}' is not there: libtorch sees no GPU. Give device cpu, run where nvidia-smi lists a GPU, or set " +
                    $"{TorchLibrary.FolderVariable} to the lib folder of a PyTorch built for CUDA");
        var index = device.Index;
        var count = cuda.device_count();
        return index < count
            ? new Device(TorchSharp.DeviceType.CUDA, index)
            : throw new InputException($"device '{device}' is not there: this process sees {count} GPU{(count == 1 ? "" : "s")}, " +
                $"cuda:0{(count > 1 ? $" to cuda:{count - 1}" : "")} (CUDA_VISIBLE_DEVICES decides)");
    }
}
