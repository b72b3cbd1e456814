using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static System.Runtime.Intrinsics.Vector256;

namespace Amnre.Engine.Waveforms;

/// <summary>The Euler angles α and ε that turn the frame which follows the precession into one at rest, next-to-next-to-leading order, and
/// the opening angle β of the cone of the orbital angular momentum.</summary>
internal sealed class EulerAngles
{
    private readonly double[] _alpha, _epsilon;
    private readonly double _alphaOffset, _epsilonOffset;
    private readonly double _inPlane, _eta, _etaFirst, _etaSecond, _along;

    /// <param name="pair">Masses and aligned spins.</param>
    /// <param name="chip">χ_p.</param>
    /// <param name="alpha0">α at the reference frequency.</param>
    /// <param name="reference">The reference frequency, M·f.</param>
    public EulerAngles(in AlignedPair pair, double chip, double alpha0, double reference)
    {
        (_alpha, _epsilon) = Factors(pair, chip);
        var f = MassScale.Of(reference);
        AlphaAtReference = Series(_alpha, f)[0];
        EpsilonAtReference = Series(_epsilon, f)[0];
        (_alphaOffset, _epsilonOffset) = (alpha0 - AlphaAtReference, -EpsilonAtReference);

        double xL = pair.LargerPart, xS = pair.SmallerPart;
        _eta = pair.Eta;
        _etaFirst = _eta * OrbitalAngularMomentum.First(_eta);
        _etaSecond = _eta * OrbitalAngularMomentum.Second(_eta);
        _inPlane = chip * xL * xL;
        _along = pair.LargerSpin * xL * xL + pair.SmallerSpin * xS * xS;
    }

    /// <summary>The series of α at the reference frequency, before <c>alpha0</c> is put in its place.</summary>
    public double AlphaAtReference { get; }

    public double EpsilonAtReference { get; }

    /// <summary>Factors of 1/u³, 1/u², 1/u, ln u³ and u in the series of both angles, u³ = π·M·f.</summary>
    public static (double[] Alpha, double[] Epsilon) Factors(in AlignedPair pair, double chip)
    {
        var q = pair.MassRatio;
        double m = q / (1 + q), d = (1 - q) / (1 + q), r = d / m;
        // In this section of the model η is m(1 − m), not the bounded one.
        var e = m * (1 - m);
        var x = (1 + q) / q * (pair.LargerPart * pair.LargerSpin + pair.SmallerPart * pair.SmallerSpin);
        double p2 = chip * chip, x2 = x * x, e2 = e * e, e3 = e2 * e, d2 = d * d;
        double m2 = m * m, m3 = m2 * m, m4 = m2 * m2, m5 = m4 * m, m6 = m3 * m3, m7 = m6 * m, m8 = m4 * m4;
        double r2 = r * r, r3 = r2 * r;
        const double Pi = Math.PI;

        var k1 = -35.0 / 192 - 5 * r / 64;
        var k2 = -(15 * d * m + 35 * m2) * x / (128 * e);
        var k3 = -5515.0 / 3072 - 4555 * r / 7168 - 515 * e / 384 - 15 * r2 * e / 256 - 175 * r * e / 256;
        var k4 = -35 * Pi / 48 - 5 * Pi * r / 16
            + x * (5 * d2 / 16 + 5 * d * m / 3 + 2545 * m2 / 1152 + 2035 * d * m / (21504 * e) + 2995 * m2 / (9216 * e));
        var k5 = 4.318908476114694 + 27895885 * r / 21676032 + 39695 * e / 86016 + 1615 * r2 * e / 28672 - 265 * r * e / 14336
            + 955 * e2 / 576 + 15 * r3 * e2 / 1024 + 35 * r2 * e2 / 256 + 2725 * r * e2 / 3072
            - Pi * x * (15 * d * m + 35 * m2) / (16 * e) + x2 * (375 * d2 * m2 / 256 + 1815 * d * m3 / 256 + 1645 * m4 / 192) / e;

        // The spin in the plane changes α alone.
        var k3Alpha = k3 - p2 * (15 * d * m3 + 35 * m4) / (128 * e2);
        var k4Alpha = k4 - p2 * x * (5 * d * m5 / 128 + 35 * m6 / 384) / e3;
        var k5Alpha = k5 - p2 * p2 * (15 * d * m7 + 35 * m8) / (512 * e2 * e2)
            + p2 * (-485 * d * m3 / 14336 + 475 * m4 / 6144) / e2
            + p2 * (15 * d2 * m2 / 256 + 145 * d * m3 / 512 + 575 * m4 / 1536) / e
            + p2 * x2 * (15 * d * m7 + 35 * m8) / (128 * e2 * e2);
        return ([k1, k2, k3Alpha, k4Alpha, k5Alpha], [k1, k2, k3, k4, k5]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<double> Alpha(in MassFrequency f) => Series(_alpha, f) + Create(_alphaOffset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<double> Epsilon(in MassFrequency f) => Series(_epsilon, f) + Create(_epsilonOffset);

    /// <summary>cos(β/2) and sin(β/2). The model leaves out the sign of the total angular momentum along the orbital one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Vector256<double> Cos, Vector256<double> Sin) HalfOpening(in MassFrequency f)
    {
        var square = f.U * f.U;
        var orbital = FusedMultiplyAdd(FusedMultiplyAdd(Create(_etaSecond), square, Create(_etaFirst)), square, Create(_eta));
        var tangent = Create(_inPlane) * f.U / FusedMultiplyAdd(Create(_along), f.U, orbital);
        var cos = Vector256<double>.One / Sqrt(FusedMultiplyAdd(tangent, tangent, Vector256<double>.One));
        var half = Create(0.5);
        return (Sqrt((Vector256<double>.One + cos) * half), Sqrt((Vector256<double>.One - cos) * half));
    }

    /// <summary>The spin in the orbital plane: tan β is this over what <see cref="AddAlong"/> adds.</summary>
    public double InPlane => _inPlane;

    /// <summary>Adds the total angular momentum along the orbital one, in G·M²/c.</summary>
    public void AddAlong(VelocitySeries sum)
    {
        sum.Add(-1, _eta);
        sum.Add(0, _along);
        sum.Add(1, _etaFirst);
        sum.Add(3, _etaSecond);
    }

    /// <summary>Adds weight·α.</summary>
    public void AddAlpha(VelocitySeries sum, double weight) => AddSeries(sum, _alpha, _alphaOffset, weight);

    /// <summary>Adds weight·ε.</summary>
    public void AddEpsilon(VelocitySeries sum, double weight) => AddSeries(sum, _epsilon, _epsilonOffset, weight);

    private static void AddSeries(VelocitySeries sum, double[] k, double offset, double weight)
    {
        for (var i = 0; i < 3; i++) sum.Add(i - 3, weight * k[i]);
        sum.Add(0, weight * offset);
        sum.Add(1, weight * k[4]);
        sum.AddLog(3 * weight * k[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Series(double[] k, in MassFrequency f)
    {
        var sum = FusedMultiplyAdd(Create(k[0]), f.InverseU, Create(k[1]));
        sum = FusedMultiplyAdd(sum, f.InverseU, Create(k[2]));
        sum = FusedMultiplyAdd(Create(k[4]), f.U, sum * f.InverseU);
        return FusedMultiplyAdd(Create(3 * k[3]), f.LogU, sum);
    }
}
