namespace Amnre.Engine.Simulators;

/// <summary>The Hodgkin–Huxley equations with a slow potassium current, one trace at a time, written as they are stated.
/// <see cref="MembraneLanes"/> is the same for four traces at once and is what simulates; this one tells whether it is right.</summary>
/// <remarks>Pospischil et al.: Minimal Hodgkin–Huxley type models for different classes of cortical and thalamic neurons
/// (Biol. Cybern. 2008). Units: mV, ms, mS/cm², µA/cm², µF/cm² with a capacitance of 1.</remarks>
internal static class Membrane
{
    /// <summary>Reversal potentials (mV).</summary>
    public const double ENa = 53, EK = -107;

    /// <summary>Potential at time 0 (mV).</summary>
    public const double Start = -70;

    /// <summary>White noise of unit density, averaged over one step of <see cref="CurrentStep.Dt"/>: 1/√dt.</summary>
    public const double NoiseScale = 10;

    /// <summary>Integrates by exponential Euler: first the potential with the old gates, then the gates with the new potential.</summary>
    /// <param name="theta">g_Na, g_K, g_l, g_M, τ_max, −V_T, σ, −E_l.</param>
    /// <param name="noise">N(0, 1) values; the step from k to k + 1 uses value k.</param>
    /// <param name="trace">Receives the potential (mV); its length decides the number of steps.</param>
    public static void Integrate(ReadOnlySpan<double> theta, ReadOnlySpan<double> noise, Span<double> trace)
    {
        double gNa = theta[0], gK = theta[1], gL = theta[2], gM = theta[3];
        double tauMax = theta[4], threshold = -theta[5], sigma = theta[6], eL = -theta[7];
        var v = trace[0] = Start;
        double m = 0, h = 0, n = 0, p = 0;
        // After infinite time the gates are at their steady state, wherever they came from.
        Relax(double.PositiveInfinity);
        for (var k = 0; k + 1 < trace.Length; k++)
        {
            var (na, kGates) = (gNa * m * m * m * h, gK * n * n * n * n);
            var conductance = na + kGates + gL + gM * p;
            var steady = (na * ENa + kGates * EK + gL * eL + gM * p * EK + CurrentStep.At(k) + sigma * noise[k] * NoiseScale) / conductance;
            v = trace[k + 1] = steady + (v - steady) * Exp(-CurrentStep.Dt * conductance);
            Relax(CurrentStep.Dt);
        }

        // The gates after dt at the potential v.
        void Relax(double dt)
        {
            var u = v - threshold;
            m = Gate(m, 1.28 * Linoid(-0.25 * (u - 13)), 1.4 * Linoid(0.2 * (u - 40)), dt);
            h = Gate(h, 0.128 * Exp(-(u - 17) / 18), 4 / (1 + Exp(-0.2 * (u - 40))), dt);
            n = Gate(n, 0.16 * Linoid(-0.2 * (u - 15)), 0.5 * Exp(-(u - 10) / 40), dt);
            var w = v + 35;
            var tau = tauMax / (3.3 * Exp(0.05 * w) + Exp(-0.05 * w));
            p = Approach(p, 1 / (1 + Exp(-0.1 * w)), dt / tau);
        }
    }

    /// <summary>A gate that opens at rate α and closes at rate β (1/ms).</summary>
    private static double Gate(double open, double alpha, double beta, double dt) =>
        Approach(open, alpha / (alpha + beta), dt * (alpha + beta));

    private static double Approach(double from, double to, double time) => to + (from - to) * Exp(-time);

    /// <summary>z/(e^z − 1), by its first terms where that is 0/0.</summary>
    private static double Linoid(double z) => Math.Abs(z) < 1e-4 ? 1 - z / 2 : z / (Exp(z) - 1);

    private static double Exp(double z) => Math.Exp(Math.Max(z, -500));
}
