using System.Runtime.CompilerServices;
using Amnre.Engine.Native;
using Amnre.Engine.Settings;

namespace Amnre.Engine.Simulators;

/// <summary>A simulator where it is to simulate: on the processor, or with tensors on a GPU if it can.</summary>
public sealed class SimulatorDevice : IDisposable
{
    private SimulatorDevice(ISimulator simulator) => Simulator = simulator;

    /// <summary>Draws the rows of the simulator that was given, on the device; valid until this is disposed of.</summary>
    public ISimulator Simulator { get; }

    private bool IsOwned { get; init; }

    /// <param name="simulator">Stays the caller's.</param>
    /// <param name="device"><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>; null for the processor.</param>
    /// <exception cref="InputException">It cannot simulate on devices, or there is no such device.</exception>
    public static SimulatorDevice Open(ISimulator simulator, ComputeDevice? device)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        if (Error(simulator, device) is { } error) throw new InputException(error);
        return device is null or { IsCpu: true } ? new SimulatorDevice(simulator) : OnDevice((ITensorSimulator)simulator, device);
    }

    public void Dispose()
    {
        if (IsOwned) (Simulator as IDisposable)?.Dispose();
    }

    // Apart, so that drawing on the processor does not load the tensor library.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SimulatorDevice OnDevice(ITensorSimulator simulator, ComputeDevice device) =>
    new(simulator.On(TrainingDevice.Open(device))) { IsOwned = true };

    /// <summary>What is wrong with the device for this simulator, whatever this machine has; null when nothing is.</summary>
    internal static string? Error(ISimulator simulator, ComputeDevice? device)
    {
        if (device is null or { IsCpu: true }) return null;
        if (ComputeDevice.Error(device) is { } unknown) return $"device {unknown}";
        return simulator is ITensorSimulator
            ? null
            : $"simulator {simulator.PlainName} does not simulate on device '{device}', only gravitational waves (GW) do: leave the " +
                "device " +
                "out, or give cpu";
    }
}
