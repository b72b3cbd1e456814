using Amnre.Engine.Simulators;

namespace Amnre.Engine.Datasets;

/// <summary>Mean and population standard deviation of each observed value under the joint distribution of simulator and
/// prior: <c>mu</c> and <c>sigma</c> of a samples file, by which training standardises x.</summary>
public sealed record ObservationMoments(IReadOnlyList<float> Mu, IReadOnlyList<float> Sigma)
{
    /// <summary>Rows that the original estimates from.</summary>
    public const int UsualRows = 1 << 16;

    private const int StrideRows = 1 << 13;

    /// <summary>Estimated from rows 0 to <paramref name="rows"/> − 1 of dataset <paramref name="seed"/>; the same bits on any
    /// number of processors.</summary>
    /// <exception cref="InputException">A value is not finite, so that no row could be standardised.</exception>
    /// <exception cref="OperationCanceledException">The run was told to stop.</exception>
    public static ObservationMoments Of(ISimulator simulator, ulong seed, int rows, CancellationToken stop)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        var size = simulator.ObservationSize;
        var (mean, squares) = (new double[size], new double[size]);
        var stride = Math.Min(rows, StrideRows);
        var (theta, x) = (new float[stride * simulator.ThetaSize], new float[stride * size]);
        for (var start = 0; start < rows; start += stride)
        {
            var count = Math.Min(stride, rows - start);
            RowSampling.Fill(
                simulator, seed, start, theta.AsMemory(0, count * simulator.ThetaSize), x.AsMemory(0, count * size), stop);
            for (var row = 0; row < count; row++)
            {
                for (var i = 0; i < size; i++)
                {
                    // Welford 1962: squares of values around a running mean do not cancel.
                    var d = x[row * size + i] - mean[i];
                    mean[i] += d / (start + row + 1);
                    squares[i] += d * (x[row * size + i] - mean[i]);
                }
            }
        }

        if (!Array.TrueForAll(squares, double.IsFinite))
            throw new InputException($"simulator {simulator.Name}, seed {seed}: an observed value is not finite, so x cannot be standardised: use another seed");
        return new ObservationMoments(
            [.. mean.Select(value => (float)value)], [.. squares.Select(sum => (float)Math.Sqrt(sum / rows))]);
    }
}
