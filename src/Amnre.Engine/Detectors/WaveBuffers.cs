using Amnre.Engine.ComplexAlgebra;
using Amnre.Engine.Waveforms;

namespace Amnre.Engine.Detectors;

/// <summary>Room for one waveform, used again and again by one thread.</summary>
internal sealed class WaveBuffers
{
    public double[] Phase { get; } = new double[FrequencyGrid.Length];

    public double[] Amplitude { get; } = new double[FrequencyGrid.Length];

    public Spectrum First { get; } = new();

    public Spectrum Second { get; } = new();
}

/// <summary>A spectrum over the grid. Bins outside [<see cref="FrequencyGrid.First"/>, <see cref="End"/>) count as zero, whatever the
/// arrays hold.</summary>
internal sealed class Spectrum
{
    public double[] Real { get; } = new double[FrequencyGrid.Length];

    public double[] Imaginary { get; } = new double[FrequencyGrid.Length];

    public int End { get; set; } = FrequencyGrid.First;

    /// <summary>Sum of |h|² over the bins.</summary>
    public double SquaredLength
    {
        get
        {
            ReadOnlySpan<double> re = Real.AsSpan(FrequencyGrid.First, End - FrequencyGrid.First),
                im = Imaginary.AsSpan(FrequencyGrid.First, End - FrequencyGrid.First);
            return OrthonormalColumns.Dot(re, im, re, im).Real;
        }
    }
}
