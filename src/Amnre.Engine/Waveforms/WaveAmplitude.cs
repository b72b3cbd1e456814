using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Amnre.Engine.Distributions;
using static System.Runtime.Intrinsics.Vector256;

namespace Amnre.Engine.Waveforms;

/// <summary>The amplitude of IMRPhenomD: √(2η/3)·π^(−1/6)·f^(−7/6) times B(f), which is a series while the bodies circle each other, a
/// damped resonance when they have merged, and between the two a polynomial of fourth degree.</summary>
internal sealed class WaveAmplitude
{
    private const double InspiralEnd = 0.014;

    private readonly double[] _inspiral;
    private readonly double[] _middle;
    private readonly double _height, _width, _decay, _ring;

    public WaveAmplitude(in AlignedPair pair, in PhenomDFits fits, in Ringdown ringdown)
    {
        _inspiral = InspiralAmplitude.Factors(pair, fits);
        _ring = ringdown.Frequency;
        _width = fits.Gamma3 * ringdown.Damping;
        _height = fits.Gamma1 * _width;
        _decay = fits.Gamma2 / _width;
        Peak = Math.Abs(fits.Gamma2 <= 1
            ? _ring + _width * (Math.Sqrt(1 - fits.Gamma2 * fits.Gamma2) - 1) / fits.Gamma2
            : _ring - _width / fits.Gamma2);
        Prefactor = Math.Sqrt(2 * pair.Eta / 3) * Math.Pow(Math.PI, -1.0 / 6);

        // Five conditions: value and derivative at both ends, and the fitted value in the middle.
        var h = Peak - InspiralEnd;
        var (y0, y1) = (Inspiral(MassScale.Of(InspiralEnd))[0], Merger(Create(Peak))[0]);
        var (p0, p1) = (h * InspiralDerivative(InspiralEnd), h * MergerDerivative(Peak));
        var ym = fits.Middle;
        _middle =
        [
            y0,
            p0,
            16 * ym - 11 * y0 - 5 * y1 - 4 * p0 + p1,
            -32 * ym + 18 * y0 + 14 * y1 + 5 * p0 - 3 * p1,
            16 * ym - 8 * y0 - 8 * y1 - 2 * p0 + 2 * p1,
        ];
    }

    /// <summary>Where the amplitude of the merger peaks, M·f.</summary>
    public double Peak { get; }

    /// <summary>√(2η/3)·π^(−1/6).</summary>
    public double Prefactor { get; }

    /// <summary>A at one frequency.</summary>
    /// <param name="frequency">M·f.</param>
    public double At(double frequency)
    {
        var f = MassScale.Of(frequency);
        var b = frequency < InspiralEnd ? Inspiral(f) : frequency < Peak ? Intermediate(f.F) : Merger(f.F);
        return Prefactor * Math.Pow(frequency, -7.0 / 6) * b[0];
    }

    /// <summary>B of the bins from <see cref="FrequencyGrid.First"/> to before <paramref name="end"/>; up to three more are
    /// written.</summary>
    public void Fill(in MassScale scale, int end, double[] amplitude)
    {
        var (inspiralEnd, peak) = Ends(scale, end);
        for (var k = FrequencyGrid.First; k < inspiralEnd; k += 4) Inspiral(scale.At(k)).CopyTo(amplitude, k);
        for (var k = inspiralEnd; k < peak; k += 4) Intermediate(scale.At(k).F).CopyTo(amplitude, k);
        for (var k = peak; k < end; k += 4) Merger(scale.At(k).F).CopyTo(amplitude, k);
    }

    /// <summary>The first bins after the inspiral, and from the peak on, of a signal that ends at <paramref name="end"/>.</summary>
    public (int Inspiral, int Peak) Ends(in MassScale scale, int end)
    {
        var inspiralEnd = Math.Clamp(FrequencyGrid.FirstBinOf(InspiralEnd, scale.Seconds), FrequencyGrid.First, end);
        return (inspiralEnd, Math.Clamp(FrequencyGrid.FirstBinOf(Peak, scale.Seconds), inspiralEnd, end));
    }

    /// <summary>B of the merger is height·exp(−decay·d)/(d² + width²), d = M·f − centre.</summary>
    public (double Height, double Decay, double Width, double Centre) Resonance => (_height, _decay, _width, _ring);

    /// <summary>Adds B of the inspiral.</summary>
    public void AddInspiral(VelocitySeries sum)
    {
        for (var i = 0; i < _inspiral.Length; i++) sum.Add(i, _inspiral[i]);
    }

    /// <summary>Adds B of the intermediate frequencies.</summary>
    public void AddIntermediate(VelocitySeries sum)
    {
        // Horner's scheme on polynomials in M·f.
        Span<double> polynomial = stackalloc double[_middle.Length];
        var slope = 1 / (Peak - InspiralEnd);
        for (var i = _middle.Length - 1; i >= 0; i--)
        {
            for (var j = polynomial.Length - 1; j > 0; j--) polynomial[j] = slope * (polynomial[j - 1] - InspiralEnd * polynomial[j]);
            polynomial[0] = _middle[i] - slope * InspiralEnd * polynomial[0];
        }

        for (var j = 0; j < polynomial.Length; j++) sum.AddFrequency(j, polynomial[j]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<double> Inspiral(in MassFrequency f)
    {
        var sum = Create(_inspiral[^1]);
        for (var i = _inspiral.Length - 2; i >= 0; i--) sum = FusedMultiplyAdd(sum, f.U, Create(_inspiral[i]));
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<double> Intermediate(Vector256<double> f)
    {
        var u = (f - Create(InspiralEnd)) / Create(Peak - InspiralEnd);
        var sum = FusedMultiplyAdd(Create(_middle[4]), u, Create(_middle[3]));
        sum = FusedMultiplyAdd(sum, u, Create(_middle[2]));
        sum = FusedMultiplyAdd(sum, u, Create(_middle[1]));
        return FusedMultiplyAdd(sum, u, Create(_middle[0]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<double> Merger(Vector256<double> f)
    {
        var distance = f - Create(_ring);
        var resonance = FusedMultiplyAdd(distance, distance, Create(_width * _width));
        return Create(_height) * ReproducibleMath.Exp(distance * Create(-_decay)) / resonance;
    }

    private double InspiralDerivative(double f)
    {
        var u = Math.Cbrt(Math.PI * f);
        double sum = 0, power = 1 / u;
        for (var i = 0; i < _inspiral.Length; i++, power *= u) sum += i * _inspiral[i] * power;
        return Math.PI / (3 * u * u) * sum;
    }

    private double MergerDerivative(double f)
    {
        var distance = f - _ring;
        return Merger(Create(f))[0] * (-_decay - 2 * distance / (distance * distance + _width * _width));
    }
}
