using System.Runtime.InteropServices;
using Amnre.Engine.Simulators;
using TorchSharp;
using static TorchSharp.torch;

namespace Amnre.Engine.Training;

/// <summary>Batches simulated while training, no row ever twice: step s of epoch e takes rows (e·steps + s)·N and on of the
/// simulator's dataset named by the seed.</summary>
/// <remarks>Trained on a GPU, simulators that can simulate there do.</remarks>
internal sealed class SimulatedRows(ISimulator simulator, int batchSize, int steps, ulong seed, Device device) : ITrainingRows
{
    private readonly ISimulator? _onDevice = device.type == DeviceType.CUDA ? (simulator as ITensorSimulator)?.On(device) : null;

    public int Steps => steps;

    public (Tensor Theta, Tensor X) Batch(int epoch, int step)
    {
        var theta = empty(batchSize, simulator.ThetaSize);
        var x = empty(batchSize, simulator.ObservationSize);
        var first = ((long)(epoch - 1) * steps + step) * batchSize;
        (_onDevice ?? simulator).Sample(seed, first, MemoryMarshal.Cast<byte, float>(theta.bytes), MemoryMarshal.Cast<byte, float>(x.bytes));
        return (theta.to(device), x.to(device));
    }

    public void Dispose() => (_onDevice as IDisposable)?.Dispose();
}
