namespace Amnre.Engine.Waveforms;

/// <summary>The fifteen parameters of a binary of black holes and of its place on the sky, in the order of theta.</summary>
/// <param name="Mass1">Solar masses, detector frame; not below <paramref name="Mass2"/>.</param>
/// <param name="Mass2">Solar masses, detector frame.</param>
/// <param name="Phase">Coalescence phase, rad.</param>
/// <param name="Time">Seconds after the event's nominal time, at the geocentre.</param>
/// <param name="Distance">Luminosity distance, Mpc.</param>
/// <param name="Spin1">Dimensionless magnitude.</param>
/// <param name="Spin2">Dimensionless magnitude.</param>
/// <param name="Tilt1">Between spin and orbital angular momentum, rad.</param>
/// <param name="Tilt2">Between spin and orbital angular momentum, rad.</param>
/// <param name="Phi12">Between the spins' projections on the orbital plane, rad.</param>
/// <param name="PhiJL">Azimuth of the orbital angular momentum on its cone about the total one, rad.</param>
/// <param name="ThetaJN">Between total angular momentum and line of sight, rad.</param>
/// <param name="Polarization">Rad.</param>
/// <param name="RightAscension">Rad.</param>
/// <param name="Declination">Rad.</param>
internal readonly record struct BinaryParameters(
    double Mass1, double Mass2, double Phase, double Time, double Distance, double Spin1, double Spin2, double Tilt1, double Tilt2,
    double Phi12, double PhiJL, double ThetaJN, double Polarization, double RightAscension, double Declination)
{
    public const int Count = 15;

    public double TotalMass => Mass1 + Mass2;

    /// <summary>m₁m₂/M².</summary>
    public double SymmetricMassRatio => Mass1 * Mass2 / (TotalMass * TotalMass);

    public static BinaryParameters Of(ReadOnlySpan<double> theta) => new(
        theta[0], theta[1], theta[2], theta[3], theta[4], theta[5], theta[6], theta[7], theta[8],
        theta[9], theta[10], theta[11], theta[12], theta[13], theta[14]);

    public static BinaryParameters Of(ReadOnlySpan<float> theta)
    {
        Span<double> values = stackalloc double[Count];
        for (var i = 0; i < Count; i++) values[i] = theta[i];
        return Of(values);
    }
}
