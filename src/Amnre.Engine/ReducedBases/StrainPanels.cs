using Amnre.Engine.ComplexAlgebra;
using Amnre.Engine.Detectors;
using Amnre.Engine.Waveforms;

namespace Amnre.Engine.ReducedBases;

/// <summary>Whitened strains in single precision, as the left factor of a product with a reduced basis.</summary>
internal sealed class StrainPanels(int capacity)
{
    private double[] _sums = [];

    /// <summary>Strains that are there.</summary>
    public int Count { get; private set; }

    /// <summary>Bins of the longest of them, from <see cref="FrequencyGrid.First"/> on; all others are zero in the rest.</summary>
    public int Used { get; private set; }

    public float[] Values { get; } = new float[ComplexPanels.LeftLength(capacity, ReducedBasis.Inner)];

    public void Clear() => (Count, Used) = (0, 0);

    /// <summary>Adds a strain.</summary>
    public void Add(Spectrum spectrum)
    {
        Write(spectrum, Values, Count++);
        Used = Math.Max(Used, Math.Min(spectrum.End, FrequencyGrid.End) - FrequencyGrid.First);
    }

    /// <summary>Writes a strain as row <paramref name="row"/> of a left factor.</summary>
    public static void Write(Spectrum spectrum, float[] values, int row)
    {
        var start = ComplexPanels.LeftStart(row, ReducedBasis.Inner);
        var (real, imaginary) = (spectrum.Real, spectrum.Imaginary);
        var end = Math.Min(spectrum.End, FrequencyGrid.End);
        for (var k = FrequencyGrid.First; k < end; k++, start += ComplexPanels.LeftStep)
            (values[start], values[start + 1]) = ((float)real[k], (float)imaginary[k]);
        // An earlier strain may have been longer.
        for (var k = end; k < FrequencyGrid.End; k++, start += ComplexPanels.LeftStep) (values[start], values[start + 1]) = (0, 0);
    }

    /// <summary>Zeros to sum in.</summary>
    internal Span<double> Sums(int length)
    {
        if (_sums.Length < length) _sums = new double[length];
        var sums = _sums.AsSpan(0, length);
        sums.Clear();
        return sums;
    }
}
