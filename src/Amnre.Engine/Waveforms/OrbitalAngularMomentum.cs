namespace Amnre.Engine.Waveforms;

/// <summary>The orbital angular momentum in units of G·M²/c, to second post-Newtonian order without spins:
/// (η/v)·(1 + a·v² + b·v⁴).</summary>
internal static class OrbitalAngularMomentum
{
    public static double At(double v, double eta) => eta / v * (1 + v * v * (First(eta) + v * v * Second(eta)));

    public static double First(double eta) => 1.5 + eta / 6;

    public static double Second(double eta) => 27.0 / 8 - 19 * eta / 8 - eta * eta / 24;
}
