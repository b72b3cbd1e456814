using Amnre.Engine.Waveforms;

namespace Amnre.Engine.Detectors;

/// <summary>Two detectors, their noise, and the moment at which they listen.</summary>
/// <param name="Noise">One for each of <see cref="Detector.Pair"/>.</param>
/// <param name="SiderealTime">Greenwich mean sidereal time of the event, rad; the small shifts of theta's time do not turn the
/// Earth.</param>
/// <param name="WindowFactor">Mean square of the window that segments of strain were multiplied by.</param>
internal sealed record Observatory(IReadOnlyList<NoiseSpectrum> Noise, double SiderealTime, double WindowFactor)
{
    /// <summary>Advanced LIGO as designed, at the time of GW150914.</summary>
    public static Observatory Design { get; } = new([NoiseSpectrum.Design, NoiseSpectrum.Design], SiderealClock.OfGW150914,
        StrainWindow.Factor);

    /// <summary>Standard deviation of the real, and of the imaginary, part of whitened noise.</summary>
    public double NoiseDeviation => Math.Sqrt(WindowFactor) / Math.Sqrt(4 * FrequencyGrid.Spacing);

    /// <summary>Whitened strain of both detectors.</summary>
    /// <param name="p">The binary.</param>
    /// <param name="buffers">Receives the spectra.</param>
    public void Whiten(in BinaryParameters p, WaveBuffers buffers)
    {
        var wave = new PrecessingWave(p);
        var (first, second) = Channels(p, wave);
        WaveSpectra.Fill(wave, first, second, buffers);
    }

    /// <summary>What both detectors receive of a binary's wave.</summary>
    public (WaveChannel First, WaveChannel Second) Channels(in BinaryParameters p, PrecessingWave wave)
    {
        var (plus, cross) = Harmonics.Polarizations(wave.Frame);
        return (Channel(0, p, plus, cross), Channel(1, p, plus, cross));
    }

    private WaveChannel Channel(int detector, in BinaryParameters p, in Harmonics plus, in Harmonics cross)
    {
        var antenna = Detector.Pair[detector].Antenna(p, SiderealTime);
        return new(
            antenna.Plus * plus + antenna.Cross * cross, p.Time + Detector.Pair[detector].Delay(p, SiderealTime),
            Noise[detector].Whitening);
    }
}
