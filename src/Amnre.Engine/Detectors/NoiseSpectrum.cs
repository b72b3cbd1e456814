using Amnre.Engine.Waveforms;

namespace Amnre.Engine.Detectors;

/// <summary>The noise of a detector: one-sided power spectral density S over the grid, 1/Hz.</summary>
internal sealed class NoiseSpectrum
{
    /// <param name="density">S of each bin from 0 to 1024 Hz.</param>
    /// <exception cref="InputException">There are too few bins, or S is not positive where signals are.</exception>
    public NoiseSpectrum(ReadOnlySpan<double> density)
    {
        if (density.Length < FrequencyGrid.Bins)
            throw new InputException(
                $"a noise spectrum has {density.Length} values: give one for each 1/8 Hz from 0 to 1024 Hz, {FrequencyGrid.Bins} in all");
        Density = density[..FrequencyGrid.Bins].ToArray();
        for (var k = FrequencyGrid.First; k < FrequencyGrid.Bins; k++)
        {
            if (!(Density[k] > 0 && double.IsFinite(Density[k])))
                throw new InputException(
                    $"a noise spectrum is {Density[k]} at {k * FrequencyGrid.Spacing} Hz: it must be positive from 20 to 1024 Hz");
            if (k < FrequencyGrid.End) Whitening[k] = 1 / Math.Sqrt(Density[k]);
        }
    }

    /// <summary>S of each bin, 1/Hz.</summary>
    public double[] Density { get; }

    /// <summary>1/√S where signals are, 0 elsewhere.</summary>
    public double[] Whitening { get; } = new double[FrequencyGrid.Length];

    /// <summary>The design of Advanced LIGO as an analytic function, from 20 Hz on: Arun, Iyer, Sathyaprakash, Sundararajan (2005),
    /// gr-qc/0411146; in LALSuite LALAdvLIGOPsd.</summary>
    public static NoiseSpectrum Design { get; } = new(DesignDensity());

    private static double[] DesignDensity()
    {
        var density = new double[FrequencyGrid.Bins];
        for (var k = FrequencyGrid.First; k < FrequencyGrid.Bins; k++)
        {
            var x = k * FrequencyGrid.Spacing / 215;
            var x2 = x * x;
            density[k] = 1e-49 * (Math.Pow(x, -4.14) - 5 / x2 + 111 * (1 - x2 + x2 * x2 / 2) / (1 + x2 / 2));
        }

        return density;
    }
}
