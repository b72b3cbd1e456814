using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Amnre.Engine.Distributions;
using static System.Runtime.Intrinsics.Vector256;

namespace Amnre.Engine.Simulators;

/// <summary>The equations of <see cref="Membrane"/> for four traces at once, as a fixed sequence of IEEE 754 operations.</summary>
/// <remarks>All rates at a potential are made from two exponentials: those with exponents in 1/40 mV are powers of one another.</remarks>
internal readonly struct MembraneLanes
{
    // Exponents at the potentials where the rates are centred.
    private const double ExpQuarter = 1.2840254166877414; // e^(10/40)
    private const double Exp3 = 20.085536923187668;       // e^(0.2·15)
    private const double Exp3Quarter = 25.790339917193062; // e^(0.25·13)
    private const double Exp8 = 2980.9579870417283;       // e^(0.2·40)

    private readonly Vector256<double> _gNa, _gK, _gL, _gM, _noiseScale, _leak, _minusThreshold, _inverseTauMax, _slow;

    /// <param name="theta">g_Na, g_K, g_l, g_M, τ_max, −V_T, σ, −E_l.</param>
    public MembraneLanes(ReadOnlySpan<Vector256<double>> theta)
    {
        (_gNa, _gK, _gL, _gM) = (theta[0], theta[1], theta[2], theta[3]);
        _inverseTauMax = Vector256<double>.One / theta[4];
        _minusThreshold = theta[5];
        _noiseScale = theta[6] * Create(Membrane.NoiseScale);
        _leak = -(theta[2] * theta[7]);
        _slow = ReproducibleMath.Exp((theta[5] - Create(35.0)) * Create(0.05));
    }

    /// <summary>Integrates over as many points as the traces have, both in one loop: the next step of a trace waits for the
    /// last, so a processor that looks ahead has time for the other.</summary>
    /// <param name="other">The membranes of the second four traces.</param>
    /// <param name="trace">Holds on entry in element k + 1 the N(0, 1) values of the step from k to k + 1, on return in
    /// element k the potential at k (mV).</param>
    /// <param name="otherTrace">The same of the second four.</param>
    public void Integrate(in MembraneLanes other, Span<Vector256<double>> trace, Span<Vector256<double>> otherTrace)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(otherTrace.Length, trace.Length);
        State state = new(this), otherState = new(other);
        (trace[0], otherTrace[0]) = (state.V, otherState.V);
        for (var k = 1; k < trace.Length; k++)
        {
            var current = Create(CurrentStep.At(k - 1));
            trace[k] = Step(ref state, trace[k], current);
            otherTrace[k] = other.Step(ref otherState, otherTrace[k], current);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<double> Step(ref State state, Vector256<double> noise, Vector256<double> current)
    {
        var n2 = state.N * state.N;
        var na = _gNa * (state.M * state.M) * (state.M * state.H);
        var potassium = FusedMultiplyAdd(_gM, state.P, _gK * (n2 * n2));
        var conductance = na + potassium + _gL;
        var drive = FusedMultiplyAdd(_noiseScale, noise, _leak + current);
        drive = FusedMultiplyAdd(na, Create(Membrane.ENa), FusedMultiplyAdd(potassium, Create(Membrane.EK), drive));
        state.V = Approach(state.V, drive / conductance, conductance * Create(-CurrentStep.Dt));
        Relax(ref state, CurrentStep.Dt);
        return state.V;
    }

    /// <summary>Moves the gates by <paramref name="dt"/> at the state's potential.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Relax(ref State state, double dt)
    {
        var one = Vector256<double>.One;
        var minusDt = Create(-dt);
        var u = state.V + _minusThreshold;
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
        state.M = Approach(state.M, alpha / rate, rate * minusDt);

        alpha = Create(0.128) * ReproducibleMath.Exp((Create(17.0) - u) * Create(1.0 / 18));
        rate = alpha + Create(4.0) / (one + at40);
        state.H = Approach(state.H, alpha / rate, rate * minusDt);

        z = (u - Create(15.0)) * Create(-0.2);
        alpha = Create(0.16) * Linoid(z, z, g8 * Create(Exp3) - one);
        rate = FusedMultiplyAdd(g, Create(0.5 * ExpQuarter), alpha);
        state.N = Approach(state.N, alpha / rate, rate * minusDt);

        var q = g2 * _slow;
        rate = (Create(3.3) / q + q) * _inverseTauMax;
        state.P = Approach(state.P, one / FusedMultiplyAdd(q, q, one), rate * minusDt);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Approach(Vector256<double> from, Vector256<double> to, Vector256<double> minusTime) =>
        FusedMultiplyAdd(from - to, ReproducibleMath.Exp(minusTime), to);

    /// <summary>z/(e^z − 1), given as a fraction, by its first terms where that is 0/0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Linoid(Vector256<double> z, Vector256<double> above, Vector256<double> below) =>
        ConditionalSelect(LessThan(Abs(z), Create(1e-4)), FusedMultiplyAdd(z, Create(-0.5), Vector256<double>.One), above / below);

    /// <summary>Potential (mV) and open fractions of the gates.</summary>
    private struct State
    {
        public Vector256<double> V, M, H, N, P;

        /// <summary>At the start, the gates steady: after infinite time it does not count where they came from.</summary>
        public State(in MembraneLanes membrane)
        {
            V = Create(Membrane.Start);
            membrane.Relax(ref this, double.PositiveInfinity);
        }
    }
}
