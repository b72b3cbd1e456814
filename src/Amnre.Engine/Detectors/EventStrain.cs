using Amnre.Engine.Waveforms;
using MathNet.Numerics.IntegralTransforms;

namespace Amnre.Engine.Detectors;

/// <summary>From eight seconds of measured strain to a whitened spectrum whose merger is at time 0.</summary>
internal static class EventStrain
{
    /// <summary>Seconds of the segment after the event.</summary>
    public const double After = 2;

    /// <summary>The sample with which the segment of an event begins.</summary>
    /// <param name="eventTime">GPS seconds.</param>
    /// <param name="start">GPS seconds of the first sample.</param>
    public static long FirstSample(double eventTime, double start) =>
        // Rounded down to a sample, as the original's data are.
        (long)Math.Floor((eventTime + After - FrequencyGrid.Duration - start) * StrainWindow.Rate);

    /// <param name="strain">8 s at 4096 Hz.</param>
    /// <param name="noise">The detector's noise; its values as given, at the ends of the grid too.</param>
    public static Spectrum Whiten(ReadOnlySpan<double> strain, NoiseSpectrum noise)
    {
        // Two more than samples: the transform of real numbers is done in place.
        var values = new double[StrainWindow.Samples + 2];
        for (var n = 0; n < StrainWindow.Samples; n++) values[n] = strain[n] * StrainWindow.Values[n];
        Fourier.ForwardReal(values, StrainWindow.Samples, FourierOptions.NoScaling);
        var spectrum = new Spectrum { End = FrequencyGrid.Bins };
        for (var k = FrequencyGrid.First; k < FrequencyGrid.Bins; k++)
        {
            var size = 1 / (StrainWindow.Rate * Math.Sqrt(noise.Density[k]));
            // The segment ends two seconds after the event.
            var (sin, cos) = Math.SinCos(-2 * Math.PI * k * FrequencyGrid.Spacing * After);
            var (re, im) = (values[2 * k], values[2 * k + 1]);
            (spectrum.Real[k], spectrum.Imaginary[k]) = (size * (re * cos - im * sin), size * (re * sin + im * cos));
        }

        return spectrum;
    }
}
