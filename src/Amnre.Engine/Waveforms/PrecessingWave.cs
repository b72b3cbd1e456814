namespace Amnre.Engine.Waveforms;

/// <summary>The waves of one precessing binary in the frequency domain: IMRPhenomPv2 as LALSuite computes it.</summary>
/// <remarks>Hannam et al., arXiv:1308.3271; Khan et al., arXiv:1508.07253; the phenomenological amplitude and phase of aligned spins,
/// turned with the precessing orbital plane.</remarks>
internal sealed class PrecessingWave
{
    /// <summary>The model ends at this M·f.</summary>
    private const double Cutoff = 0.2;

    public PrecessingWave(in BinaryParameters p)
    {
        Source = SourceFrame.Of(p);
        Frame = PrecessionFrame.Of(p, Source);
        Pair = new AlignedPair(p, Frame);
        Fits = new PhenomDFits(Pair);
        Ringdown = Ringdown.Of(Pair, Frame.PrecessingSpin);
        Amplitude = new WaveAmplitude(Pair, Fits, Ringdown);
        Phase = new WavePhase(Pair, Fits, Ringdown);

        var seconds = p.TotalMass * PhysicalConstants.SunSeconds;
        Scale = new MassScale(seconds);
        Angles = new EulerAngles(Pair, Frame.PrecessingSpin, Frame.Alpha0, seconds * FrequencyGrid.Reference);
        CutoffHertz = Cutoff / seconds;
        RingdownHertz = Ringdown.Frequency / seconds;
        var last = Math.Min(FrequencyGrid.End * FrequencyGrid.Spacing, CutoffHertz);
        End = Math.Max(FrequencyGrid.First, (int)Math.Floor(last / FrequencyGrid.Spacing));
        TimeCorrection = MergerTime(seconds);
        Size = p.TotalMass * PhysicalConstants.SunMetres * seconds / (p.Distance * PhysicalConstants.Megaparsec)
            * Amplitude.Prefactor * Math.Pow(seconds, -7.0 / 6);
    }

    public SourceFrame Source { get; }

    public PrecessionFrame Frame { get; }

    public AlignedPair Pair { get; }

    public PhenomDFits Fits { get; }

    public Ringdown Ringdown { get; }

    public WaveAmplitude Amplitude { get; }

    public WavePhase Phase { get; }

    public EulerAngles Angles { get; }

    public MassScale Scale { get; }

    /// <summary>The first bin after the signal.</summary>
    public int End { get; }

    public double CutoffHertz { get; }

    public double RingdownHertz { get; }

    /// <summary>Seconds by which the signal is moved so that the merger is at time 0.</summary>
    public double TimeCorrection { get; }

    /// <summary>What <see cref="WaveAmplitude.Fill"/> and f^(−7/6), f in Hz, are multiplied by: strain per Hz.</summary>
    public double Size { get; }

    /// <summary>Slope of the phase at the ringdown, by a spline of ten nodes as LALSuite takes it: its error is a constant offset of all
    /// times, so the exact derivative is no substitute.</summary>
    private double MergerTime(double seconds)
    {
        const int Nodes = 10;
        var (low, high) = (0.8 * RingdownHertz, Math.Min(1.2 * RingdownHertz, CutoffHertz));
        var (frequencies, phases) = (new double[Nodes], new double[Nodes]);
        for (var i = 0; i < Nodes; i++)
        {
            frequencies[i] = low + i * (high - low) / (Nodes - 1);
            phases[i] = -Phase.At(frequencies[i] * seconds);
        }

        return new NaturalSpline(frequencies, phases).SlopeAt(RingdownHertz) / (2 * Math.PI);
    }
}
