using System.Runtime.InteropServices;
using Amnre.Engine.Detectors;
using Amnre.Engine.Networks;
using Amnre.Engine.ReducedBases;
using Amnre.Engine.Waveforms;
using static TorchSharp.torch;

namespace Amnre.Engine.GravitationalWaves;

/// <summary>From parameters to coefficients as <see cref="WaveSampling"/>, with tensors on any device: equal to 1e-5 of the largest
/// one.</summary>
internal sealed class TensorSampling : IDisposable
{
    /// <summary>Bins of a block, over all its waves: some hundred bytes each on the device.</summary>
    public const int DefaultBins = 1 << 20;

    /// <summary>Bins whose products are summed in single precision: thousands, one after the other, as some libraries sum them, would
    /// lose too many digits.</summary>
    private const int Chunk = 512;

    /// <summary>Waves whose factors one processor prepares at a time.</summary>
    private const int PartRows = 64;

    private readonly Observatory _observatory;
    private readonly int _maxBins, _columns;
    private readonly TensorSpectra _spectra;
    private readonly Tensor _basis;

    /// <param name="observatory">Who listens.</param>
    /// <param name="basis">What strains are written in.</param>
    /// <param name="device">Where the tensors live.</param>
    /// <param name="maxBins">Bins of a block, which is what bounds memory; a block has one wave at least.</param>
    public TensorSampling(Observatory observatory, ReducedBasis basis, Device device, int maxBins = DefaultBins)
    {
        (_observatory, _maxBins, _columns) = (observatory, maxBins, basis.Columns);
        _spectra = new(observatory.Noise[0].Whitening, observatory.Noise[1].Whitening, device);
        using var scope = NewDisposeScope();
        var rowNumbers = basis.Columns * 2;
        var values = basis.Values.AsSpan(FrequencyGrid.First * rowNumbers, ReducedBasis.Inner * rowNumbers).ToArray();
        _basis = tensor(values, ReducedBasis.Inner, basis.Columns, 2).view_as_complex().to(device).DetachFromDisposeScope();
    }

    /// <summary>Numbers in one observation: detectors × columns × 2.</summary>
    public int ObservationSize => WaveFactors.Channels * _columns * 2;

    /// <summary>Noise-free observations of given parameters.</summary>
    /// <param name="theta">(n, 15), row-major.</param>
    /// <param name="x">Receives (n, 2, columns, 2), row-major.</param>
    /// <param name="stop">Abandons them.</param>
    public void Observe(ReadOnlyMemory<float> theta, Memory<float> x, CancellationToken stop)
    {
        var rows = theta.Length / BinaryParameters.Count;
        var factors = Factors(theta, rows, stop);
        // Longest first: waves of like length share a block, which is as long as its first.
        var (order, negated) = (new int[rows], new int[rows]);
        for (var row = 0; row < rows; row++)
            (order[row], negated[row]) = (row, FrequencyGrid.First - (int)factors[row * WaveFactors.Count + WaveFactors.End]);
        Array.Sort(negated, order);
        using var off = no_grad();
        for (var start = 0; start < rows;)
        {
            stop.ThrowIfCancellationRequested();
            var bins = Math.Max(1, -negated[start]);
            var block = order.AsSpan(start, Math.Clamp(_maxBins / bins, 1, rows - start));
            Project(factors, block, bins, x.Span);
            start += block.Length;
        }
    }

    public void Dispose()
    {
        _spectra.Dispose();
        _basis.Dispose();
    }

    /// <summary>(strains, columns, 2), double precision.</summary>
    private Tensor Coefficients(Tensor strains, int bins)
    {
        var sum = zeros(strains.shape[0], _columns, 2, ScalarType.Float64, strains.device);
        for (var start = 0; start < bins; start += Chunk)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(Chunk, bins - start);
            sum.Increase(matmul(strains.narrow(1, start, count), _basis.narrow(0, start, count)).view_as_real());
        }

        return sum;
    }

    private double[] Factors(ReadOnlyMemory<float> theta, int rows, CancellationToken stop)
    {
        var factors = new double[rows * WaveFactors.Count];
        Parallel.For(0, (rows + PartRows - 1) / PartRows, new ParallelOptions { CancellationToken = stop }, part =>
        {
            for (var row = part * PartRows; row < Math.Min(rows, (part + 1) * PartRows); row++)
            {
                var p = BinaryParameters.Of(theta.Span.Slice(row * BinaryParameters.Count, BinaryParameters.Count));
                var wave = new PrecessingWave(p);
                var (first, second) = _observatory.Channels(p, wave);
                WaveFactors.Write(wave, first, second, factors.AsSpan(row * WaveFactors.Count, WaveFactors.Count));
            }
        });
        return factors;
    }

    private void Project(double[] factors, ReadOnlySpan<int> rows, int bins, Span<float> x)
    {
        using var scope = NewDisposeScope();
        var some = new double[rows.Length * WaveFactors.Count];
        for (var i = 0; i < rows.Length; i++)
            factors.AsSpan(rows[i] * WaveFactors.Count, WaveFactors.Count).CopyTo(some.AsSpan(i * WaveFactors.Count));
        var strains = _spectra.Of(tensor(some, rows.Length, WaveFactors.Count).to(_spectra.Device), bins);
        var values = (Coefficients(strains.reshape(-1, bins), bins) * Number.Of(1 / _observatory.NoiseDeviation)).to(ScalarType.Float32)
            .cpu();
        var numbers = MemoryMarshal.Cast<byte, float>(values.bytes);
        for (var i = 0; i < rows.Length; i++)
            numbers.Slice(i * ObservationSize, ObservationSize).CopyTo(x[(rows[i] * ObservationSize)..]);
    }
}
