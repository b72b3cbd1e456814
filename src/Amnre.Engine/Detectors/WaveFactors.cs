using Amnre.Engine.Waveforms;

namespace Amnre.Engine.Detectors;

/// <summary>Everything about a wave in two channels that does not depend on frequency, as one row of numbers, so that many waves are
/// one matrix.</summary>
internal static class WaveFactors
{
    // The sums of functions, each of VelocitySeries.Count factors. Phases and α are in turns, without the phase's arctangent.
    public const int PhaseInspiral = 0, PhaseIntermediate = 1, PhaseMerger = 2, Alpha = 3, AmplitudeInspiral = 4, AmplitudeIntermediate = 5,
        Along = 6, Sums = 7;

    public const int SumNumbers = Sums * VelocitySeries.Count;

    /// <summary>The first bins after the inspiral, and after the intermediate frequencies, of phase and amplitude, and after the
    /// signal.</summary>
    public const int PhaseInspiralEnd = SumNumbers, PhaseMergerStart = PhaseInspiralEnd + 1, AmplitudeInspiralEnd = PhaseInspiralEnd + 2,
        AmplitudePeak = PhaseInspiralEnd + 3, End = PhaseInspiralEnd + 4;

    /// <summary>factor·atan(slope·bin + offset), turns of the merger's phase.</summary>
    public const int ArctangentFactor = End + 1, ArctangentSlope = End + 2, ArctangentOffset = End + 3;

    /// <summary>height·exp(−decay·d)/(d² + width²), d = slope·bin + offset: the merger's amplitude.</summary>
    public const int Height = ArctangentOffset + 1, Decay = Height + 1, SquaredWidth = Height + 2, DistanceSlope = Height + 3,
        DistanceOffset = Height + 4;

    public const int Size = DistanceOffset + 1, InPlane = Size + 1;

    /// <summary>Turns that each channel's time takes from a bin to the next.</summary>
    public const int Turns = InPlane + 1;

    /// <summary>(2 channels, 5 harmonics, real and imaginary part).</summary>
    public const int HarmonicNumbers = Turns + Channels;

    public const int Channels = 2;

    public const int Count = HarmonicNumbers + Channels * Harmonics.Count * 2;

    private const double PerTurn = 1 / (2 * Math.PI);

    /// <param name="wave">What is sent.</param>
    /// <param name="first">Receives it in the first channel.</param>
    /// <param name="second">Receives it in the second.</param>
    /// <param name="row">Receives <see cref="Count"/> numbers.</param>
    public static void Write(PrecessingWave wave, in WaveChannel first, in WaveChannel second, Span<double> row)
    {
        row.Clear();
        WritePhase(wave, row);
        WriteAmplitude(wave, row);
        var (scale, angles) = (wave.Scale, wave.Angles);
        var alpha = Sum(row, Alpha);
        angles.AddAlpha(alpha, 1);
        alpha.ToHertz(scale.Seconds, PerTurn);
        var along = Sum(row, Along);
        angles.AddAlong(along);
        along.ToHertz(scale.Seconds, 1);
        (row[End], row[Size], row[InPlane]) = (wave.End, wave.Size, angles.InPlane);
        Write(wave, first, row, 0);
        Write(wave, second, row, 1);
    }

    private static void WritePhase(PrecessingWave wave, Span<double> row)
    {
        wave.Phase.AddInspiral(Sum(row, PhaseInspiral));
        wave.Phase.AddIntermediate(Sum(row, PhaseIntermediate));
        wave.Phase.AddMerger(Sum(row, PhaseMerger));
        for (var i = PhaseInspiral; i <= PhaseMerger; i++)
        {
            var sum = Sum(row, i);
            // The lowest harmonic's e^(−2iα) is taken out, so that the others follow in powers of e^(iα).
            wave.Angles.AddAlpha(sum, 2);
            wave.Angles.AddEpsilon(sum, 2);
            sum.Add(0, -2 * wave.Frame.PhiAligned);
            sum.ToHertz(wave.Scale.Seconds, -PerTurn);
        }

        var (inspiral, intermediate) = wave.Phase.Ends(wave.Scale, wave.End);
        (row[PhaseInspiralEnd], row[PhaseMergerStart]) = (inspiral, intermediate);
        var (factor, centre, width) = wave.Phase.Arctangent;
        row[ArctangentFactor] = -factor * PerTurn;
        (row[ArctangentSlope], row[ArctangentOffset]) = (FrequencyGrid.Spacing * wave.Scale.Seconds / width, -centre / width);
    }

    private static void WriteAmplitude(PrecessingWave wave, Span<double> row)
    {
        var inspiral = Sum(row, AmplitudeInspiral);
        wave.Amplitude.AddInspiral(inspiral);
        inspiral.ToHertz(wave.Scale.Seconds, 1);
        var intermediate = Sum(row, AmplitudeIntermediate);
        wave.Amplitude.AddIntermediate(intermediate);
        intermediate.ToHertz(wave.Scale.Seconds, 1);
        (row[AmplitudeInspiralEnd], row[AmplitudePeak]) = wave.Amplitude.Ends(wave.Scale, wave.End);
        var (height, decay, width, centre) = wave.Amplitude.Resonance;
        (row[Height], row[Decay], row[SquaredWidth]) = (height, decay, width * width);
        (row[DistanceSlope], row[DistanceOffset]) = (FrequencyGrid.Spacing * wave.Scale.Seconds, -centre);
    }

    private static void Write(PrecessingWave wave, in WaveChannel channel, Span<double> row, int index)
    {
        row[Turns + index] = -FrequencyGrid.Spacing * (wave.TimeCorrection + channel.Delay);
        for (var i = 0; i < Harmonics.Count; i++)
        {
            var at = HarmonicNumbers + (index * Harmonics.Count + i) * 2;
            (row[at], row[at + 1]) = (channel.Harmonics[i].Real, channel.Harmonics[i].Imaginary);
        }
    }

    private static VelocitySeries Sum(Span<double> row, int index) => new(row.Slice(index * VelocitySeries.Count, VelocitySeries.Count));
}
