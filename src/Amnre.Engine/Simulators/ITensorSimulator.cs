using static TorchSharp.torch;

namespace Amnre.Engine.Simulators;

/// <summary>A simulator that can also simulate with tensors, on any device.</summary>
internal interface ITensorSimulator : ISimulator
{
    /// <summary>The same simulator with tensors on a device: rows equal to rounding, not to the byte.</summary>
    /// <returns>Disposable.</returns>
    ISimulator On(Device device);
}
