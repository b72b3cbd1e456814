using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Amnre.Engine.Distributions;
using static System.Runtime.Intrinsics.Vector512;

namespace Amnre.Engine.Simulators;

/// <summary>The equations of <see cref="Membrane"/> for eight traces at once, as a fixed sequence of IEEE 754 operations.</summary>
/// <remarks>All rates at a potential are made from two exponentials: those with exponents in 1/40 mV are powers of one another.</remarks>
internal readonly struct MembraneLanes
{
    // Exponents at the potentials where the rates are centred.
    private const double ExpQuarter = 1.2840254166877414; // e^(10/40)
    private const double Exp3 = 20.085536923187668;       // e^(0.2·15)
    private const double Exp3Quarter = 25.790339917193062; // e^(0.25·13)
    private const double Exp8 = 2980.9579870417283;       // e^(0.2·40)

    private readonly Vector512<double> _gNa, _gK, _gL, _gM, _noiseScale, _leak, _minusThreshold, _inverseTauMax, _slow;

    /// <param name="theta">g_Na, g_K, g_l, g_M, τ_max, −V_T, σ, −E_l.</param>
    public MembraneLanes(ReadOnlySpan<Vector512<double>> theta)
    {
        (_gNa, _gK, _gL, _gM) = (theta[0], theta[1], theta[2], theta[3]);
        _inverseTauMax = Vector512<double>.One / theta[4];
        _minusThreshold = theta[5];
        _noiseScale = theta[6] * Create(Membrane.NoiseScale);
        _leak = -(theta[2] * theta[7]);
        _slow = ReproducibleMath.Exp((theta[5] - Create(35.0)) * Create(0.05));
    }

    /// <summary>Integrates over as many points as <paramref name="trace"/> has.</summary>
    /// <param name="trace">Holds on entry in element k + 1 the N(0, 1) values of the step from k to k + 1, on return in
    /// element k the potential at k (mV).</param>
    public void Integrate(Span<Vector512<double>> trace)
    {
        var v = trace[0] = Create(Membrane.Start);
        var (m, h, n, p) = (Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero);
        Relax(v, double.PositiveInfinity, ref m, ref h, ref n, ref p);
        for (var k = 1; k < trace.Length; k++)
        {
            var n2 = n * n;
            var na = _gNa * (m * m) * (m * h);
            var potassium = FusedMultiplyAdd(_gM, p, _gK * (n2 * n2));
            var conductance = na + potassium + _gL;
            var current = FusedMultiplyAdd(_noiseScale, trace[k], _leak + Create(CurrentStep.At(k - 1)));
            current = FusedMultiplyAdd(na, Create(Membrane.ENa), FusedMultiplyAdd(potassium, Create(Membrane.EK), current));
            v = Approach(v, current / conductance, conductance * Create(-CurrentStep.Dt));
            trace[k] = v;
            Relax(v, CurrentStep.Dt, ref m, ref h, ref n, ref p);
        }
    }

    /// <summary>The gates after <paramref name="dt"/> at the potential <paramref name="v"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Relax(
        Vector512<double> v, double dt,
        ref Vector512<double> m, ref Vector512<double> h, ref Vector512<double> n, ref Vector512<double> p)
    {
        var one = Vector512<double>.One;
        var minusDt = Create(-dt);
        var u = v + _minusThreshold;
        var g = ReproducibleMath.Exp(u * Create(-1.0 / 40));
        var g2 = g * g;
        var g4 = g2 * g2;
        var g8 = g4 * g4;
        var at40 = g8 * Create(Exp8);

        var z = (u - Create(13.0)) * Create(-0.25);
        var alpha = Create(1.28) * Linoid(z, z, g8 * g2 * Create(Exp3Quarter) - one);
        z = (u - Create(40.0)) * Create(0.2);
        var beta = Create(1.4) * Linoid(z, z * at40, one - at40);
        var rate = alpha + beta;
        m = Approach(m, alpha / rate, rate * minusDt);

        alpha = Create(0.128) * ReproducibleMath.Exp((Create(17.0) - u) * Create(1.0 / 18));
        rate = alpha + Create(4.0) / (one + at40);
        h = Approach(h, alpha / rate, rate * minusDt);

        z = (u - Create(15.0)) * Create(-0.2);
        alpha = Create(0.16) * Linoid(z, z, g8 * Create(Exp3) - one);
        rate = FusedMultiplyAdd(g, Create(0.5 * ExpQuarter), alpha);
        n = Approach(n, alpha / rate, rate * minusDt);

        var q = g2 * _slow;
        rate = (Create(3.3) / q + q) * _inverseTauMax;
        p = Approach(p, one / FusedMultiplyAdd(q, q, one), rate * minusDt);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Approach(Vector512<double> from, Vector512<double> to, Vector512<double> minusTime) =>
        FusedMultiplyAdd(from - to, ReproducibleMath.Exp(minusTime), to);

    /// <summary>z/(e^z − 1), given as a fraction, by its first terms where that is 0/0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Linoid(Vector512<double> z, Vector512<double> above, Vector512<double> below) =>
        ConditionalSelect(LessThan(Abs(z), Create(1e-4)), FusedMultiplyAdd(z, Create(-0.5), Vector512<double>.One), above / below);
}
