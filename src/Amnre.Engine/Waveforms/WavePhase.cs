using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Amnre.Engine.Distributions;
using static System.Runtime.Intrinsics.Vector256;

namespace Amnre.Engine.Waveforms;

/// <summary>The phase ψ of IMRPhenomD: inspiral, intermediate and merger–ringdown, joined with their first derivatives.</summary>
internal sealed class WavePhase
{
    private const double InspiralEnd = 0.018;

    private readonly double _perEta, _intermediateEnd;
    private readonly double _damping, _centre;
    private readonly double[] _inspiral;
    private readonly double _log5, _log6;
    private readonly double _beta1, _beta2, _beta3, _alpha1, _alpha2, _alpha3, _alpha4;

    public WavePhase(in AlignedPair pair, in PhenomDFits fits, in Ringdown ringdown)
    {
        _perEta = 1 / pair.Eta;
        (_damping, _centre) = (ringdown.Damping, fits.Alpha5 * ringdown.Frequency);
        _intermediateEnd = ringdown.Frequency / 2;
        (_beta1, _beta2, _beta3) = (fits.Beta1, fits.Beta2, fits.Beta3);
        (_alpha1, _alpha2, _alpha3, _alpha4) = (fits.Alpha1, fits.Alpha2, fits.Alpha3, fits.Alpha4);

        var pn = new PostNewtonianPhase(pair);
        (_log5, _log6) = (pn.Log5, pn.Log6);
        var cubeRoot = Math.Cbrt(Math.PI);
        // The fitted terms are powers of f = u³/π.
        _inspiral =
        [
            .. pn.V,
            fits.Sigma1 * _perEta / Math.PI,
            0.75 * fits.Sigma2 * _perEta / (Math.PI * cubeRoot),
            0.6 * fits.Sigma3 * _perEta / (Math.PI * cubeRoot * cubeRoot),
            0.5 * fits.Sigma4 * _perEta / (Math.PI * Math.PI),
        ];
        _inspiral[5] -= Math.PI / 4;

        IntermediateSlope = InspiralDerivative(InspiralEnd) - IntermediateDerivative(InspiralEnd);
        IntermediateOffset = Inspiral(MassScale.Of(InspiralEnd))[0] - Intermediate(MassScale.Of(InspiralEnd))[0] - IntermediateSlope
            * InspiralEnd;
        var end = MassScale.Of(_intermediateEnd);
        MergerSlope = IntermediateDerivative(_intermediateEnd) + IntermediateSlope - MergerDerivative(_intermediateEnd);
        MergerOffset = Intermediate(end)[0] + IntermediateOffset + IntermediateSlope * _intermediateEnd - Merger(end)[0] - MergerSlope
            * _intermediateEnd;
    }

    /// <summary>Constant that joins the intermediate phase to the inspiral's.</summary>
    public double IntermediateOffset { get; }

    public double IntermediateSlope { get; }

    /// <summary>Constant that joins the merger's phase to the intermediate one.</summary>
    public double MergerOffset { get; }

    public double MergerSlope { get; }

    /// <summary>ψ at one frequency.</summary>
    /// <param name="frequency">M·f.</param>
    public double At(double frequency)
    {
        var f = MassScale.Of(frequency);
        return (frequency < InspiralEnd ? Inspiral(f) : frequency < _intermediateEnd ? JoinedIntermediate(f) : JoinedMerger(f))[0];
    }

    /// <summary>ψ of the bins from <see cref="FrequencyGrid.First"/> to before <paramref name="end"/>; up to three more are
    /// written.</summary>
    public void Fill(in MassScale scale, int end, double[] phase)
    {
        var (inspiralEnd, intermediateEnd) = Ends(scale, end);
        var k = FrequencyGrid.First;
        for (; k < inspiralEnd; k += 4) Inspiral(scale.At(k)).CopyTo(phase, k);
        for (k = inspiralEnd; k < intermediateEnd; k += 4) JoinedIntermediate(scale.At(k)).CopyTo(phase, k);
        for (k = intermediateEnd; k < end; k += 4) JoinedMerger(scale.At(k)).CopyTo(phase, k);
    }

    /// <summary>The first bins after the inspiral, and after the intermediate frequencies, of a signal that ends at
    /// <paramref name="end"/>.</summary>
    public (int Inspiral, int Intermediate) Ends(in MassScale scale, int end)
    {
        var inspiralEnd = Math.Clamp(FrequencyGrid.FirstBinOf(InspiralEnd, scale.Seconds), FrequencyGrid.First, end);
        return (inspiralEnd, Math.Clamp(FrequencyGrid.FirstBinOf(_intermediateEnd, scale.Seconds), inspiralEnd, end));
    }

    /// <summary>What ψ of the merger has beside its series: factor·atan((M·f − centre)/width).</summary>
    public (double Factor, double Centre, double Width) Arctangent => (_alpha4 * _perEta, _centre, _damping);

    /// <summary>Adds ψ of the inspiral.</summary>
    public void AddInspiral(VelocitySeries sum)
    {
        for (var i = 0; i < _inspiral.Length; i++) sum.Add(i - 5, _inspiral[i]);
        sum.AddLog(_log5);
        sum.AddLogTimesFirst(_log6);
    }

    /// <summary>Adds ψ of the intermediate frequencies.</summary>
    public void AddIntermediate(VelocitySeries sum)
    {
        sum.AddFrequency(1, _beta1 * _perEta + IntermediateSlope);
        sum.AddFrequency(-3, -_beta3 / 3 * _perEta);
        // ln f = 3 ln u − ln π.
        sum.AddLog(3 * _beta2 * _perEta);
        sum.AddFrequency(0, IntermediateOffset - _beta2 * _perEta * Math.Log(Math.PI));
    }

    /// <summary>Adds ψ of the merger, without its <see cref="Arctangent"/>.</summary>
    public void AddMerger(VelocitySeries sum)
    {
        sum.AddFrequency(1, _alpha1 * _perEta + MergerSlope);
        sum.AddThreeQuarters(4.0 / 3 * _alpha3 * _perEta);
        sum.AddFrequency(-1, -_alpha2 * _perEta);
        sum.AddFrequency(0, MergerOffset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<double> Inspiral(in MassFrequency f)
    {
        var series = Create(_inspiral[^1]);
        for (var i = _inspiral.Length - 2; i >= 0; i--) series = FusedMultiplyAdd(series, f.U, Create(_inspiral[i]));
        var square = f.InverseU * f.InverseU;
        var logarithmic = f.LogU * FusedMultiplyAdd(Create(_log6), f.U, Create(_log5));
        return FusedMultiplyAdd(series, square * square * f.InverseU, logarithmic);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<double> Intermediate(in MassFrequency f)
    {
        var inverse = f.InverseU * f.InverseU * f.InverseU * Create(Math.PI);
        // ln f = 3 ln u − ln π.
        var log = FusedMultiplyAdd(f.LogU, Create(3.0), Create(-1.1447298858494002));
        var sum = FusedMultiplyAdd(Create(_beta1), f.F, Create(_beta2) * log);
        return FusedMultiplyAdd(Create(-_beta3 / 3), inverse * inverse * inverse, sum) * Create(_perEta);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<double> Merger(in MassFrequency f)
    {
        var inverse = f.InverseU * f.InverseU * f.InverseU * Create(Math.PI);
        var threeQuarters = Sqrt(f.F * Sqrt(f.F));
        var angle = ReproducibleMath.Atan((f.F - Create(_centre)) / Create(_damping));
        var sum = FusedMultiplyAdd(Create(_alpha1), f.F, Create(_alpha4) * angle);
        sum = FusedMultiplyAdd(Create(4.0 / 3 * _alpha3), threeQuarters, sum);
        return FusedMultiplyAdd(Create(-_alpha2), inverse, sum) * Create(_perEta);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<double> JoinedIntermediate(in MassFrequency f) =>
        Intermediate(f) + FusedMultiplyAdd(Create(IntermediateSlope), f.F, Create(IntermediateOffset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<double> JoinedMerger(in MassFrequency f) =>
    Merger(f) + FusedMultiplyAdd(Create(MergerSlope), f.F, Create(MergerOffset));

    private double InspiralDerivative(double f)
    {
        var u = Math.Cbrt(Math.PI * f);
        // d/du of Σ v_i·u^(i−5) + (l₅ + l₆·u)·ln u; the term of u⁰ has none.
        double sum = 0, power = Math.Pow(u, -6);
        for (var i = 0; i < _inspiral.Length; i++, power *= u) sum += (i - 5) * _inspiral[i] * power;
        sum += _log5 / u + _log6 * (1 + Math.Log(u));
        return Math.PI / (3 * u * u) * sum;
    }

    private double IntermediateDerivative(double f) => (_beta1 + _beta3 / (f * f * f * f) + _beta2 / f) * _perEta;

    private double MergerDerivative(double f)
    {
        var t = (f - _centre) / _damping;
        return (_alpha1 + _alpha2 / (f * f) + _alpha3 * Math.Pow(f, -0.25) + _alpha4 / (_damping * (1 + t * t))) * _perEta;
    }
}
