using System.Runtime.InteropServices;
using Amnre.Engine.Rows;
using Amnre.Engine.Simulators;
using TorchSharp;
using static TorchSharp.torch;

namespace Amnre.Engine.TrainingRows;

/// <summary>Batches simulated while training, no row ever twice: step s of epoch e takes rows (e·steps + s)·N and on of the
/// simulator's dataset named by the seed.</summary>
/// <remarks>Trained on a GPU, simulators that can simulate there do.</remarks>
/// <param name="simulator">What to draw from.</param>
/// <param name="batchSize">N.</param>
/// <param name="steps">Batches in an epoch.</param>
/// <param name="seed">Names the dataset.</param>
/// <param name="threads">Most processors that draw rows of a batch side by side.</param>
/// <param name="device">Where batches are wanted.</param>
internal sealed class SimulatedRows(ISimulator simulator, int batchSize, int steps, ulong seed, int threads, Device device) : ITrainingRows
{
    /// <summary>Rows drawn by one processor at a time: whole groups of lanes, few enough to share a small batch.</summary>
    private const int BlockRows = 64;

    private readonly ISimulator? _onDevice = device.type == DeviceType.CUDA ? (simulator as ITensorSimulator)?.On(device) : null;
    private readonly float[] _theta = new float[batchSize * simulator.ThetaSize], _x = new float[batchSize * simulator.ObservationSize];

    private volatile string? _firstNonFinite;

    public int Steps => steps;

    public string? FirstNonFinite => _firstNonFinite;

    public (Tensor Theta, Tensor X) Batch(int epoch, int step)
    {
        var first = ((long)(epoch - 1) * steps + step) * batchSize;
        RowSampling.Fill(_onDevice ?? simulator, seed, first, _theta, _x, BlockRows, threads, CancellationToken.None);
        if (_firstNonFinite is null && NonFiniteRows.First(_theta, _x, batchSize) is var (row, value))
            _firstNonFinite = $"row {first + row} of seed {seed}, where {value}";
        return (Copy(_theta).to(device), Copy(_x).to(device));
    }

    public void Dispose() => (_onDevice as IDisposable)?.Dispose();

    private Tensor Copy(float[] rows)
    {
        var copy = empty(batchSize, rows.Length / batchSize);
        rows.CopyTo(MemoryMarshal.Cast<byte, float>(copy.bytes));
        return copy;
    }
}
