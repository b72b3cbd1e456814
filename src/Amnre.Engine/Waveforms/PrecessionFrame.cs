namespace Amnre.Engine.Waveforms;

/// <summary>What IMRPhenomPv2 is a function of, beside masses and distance: the source seen from its total angular momentum J.</summary>
/// <param name="AlignedSpin1">Along the orbital angular momentum, dimensionless.</param>
/// <param name="AlignedSpin2">Along the orbital angular momentum, dimensionless.</param>
/// <param name="PrecessingSpin">χ_p, the effective spin in the orbital plane.</param>
/// <param name="ThetaJN">Between J and the line of sight, rad.</param>
/// <param name="Alpha0">Azimuth of the orbital angular momentum at the reference frequency, rad.</param>
/// <param name="PhiAligned">Phase at the reference frequency in the frame that follows the precession, rad.</param>
/// <param name="Zeta">Between the polarisations of the model's frame and those asked for, rad.</param>
internal readonly record struct PrecessionFrame(
    double AlignedSpin1, double AlignedSpin2, double PrecessingSpin, double ThetaJN, double Alpha0, double PhiAligned, double Zeta)
{
    /// <summary>Smaller components count as zero, so that aligned spins and face-on binaries have angles.</summary>
    private const double Negligible = 1e-15;

    public static PrecessionFrame Of(in BinaryParameters p, in SourceFrame source)
    {
        double m1 = p.Mass1, m2 = p.Mass2, total = p.TotalMass;
        var (s1, s2, iota) = (source.Spin1, source.Spin2, source.Inclination);
        double a1 = 2 + 3 * m2 / (2 * m1), a2 = 2 + 3 * m1 / (2 * m2);
        var larger = Math.Max(a1 * (m1 * m1 * s1.InPlane), a2 * (m2 * m2 * s2.InPlane));
        var chip = larger / (m2 > m1 ? a2 * m2 * m2 : a1 * m1 * m1);

        var v = Math.Cbrt(Math.PI * total * PhysicalConstants.SunSeconds * FrequencyGrid.Reference);
        var orbital = total * total * OrbitalAngularMomentum.At(v, p.SymmetricMassRatio);
        var j = m1 * m1 * s1 + m2 * m2 * s2 + new SpatialVector(0, 0, orbital);
        var thetaJ = j.Length < 1e-10 ? 0 : Math.Acos(j.Z / j.Length);
        var phiJ = IsNegligible(j.X, j.Y) ? Math.PI / 2 - p.Phase : Math.Atan2(j.Y, j.X);

        var azimuth = Math.PI / 2 - p.Phase;
        var n = Turned(new(Math.Sin(iota) * Math.Cos(azimuth), Math.Sin(iota) * Math.Sin(azimuth), Math.Cos(iota)));
        var kappa = -Azimuth(n, 0);
        var l = Turned(SpatialVector.AlongZ).RotatedZ(kappa);
        var alpha0 = Azimuth(l, Math.PI);
        n = n.RotatedZ(kappa);
        var x = Turned(new(-Math.Cos(iota) * Math.Sin(p.Phase), -Math.Cos(iota) * Math.Cos(p.Phase), Math.Sin(iota))).RotatedZ(kappa);
        var zeta = Math.Atan2(x.X * n.Z - x.Z * n.X, -x.Y);
        return new(s1.Z, s2.Z, chip, Math.Acos(n.Z), alpha0, -phiJ, zeta);

        SpatialVector Turned(SpatialVector vector) => vector.RotatedZ(-phiJ).RotatedY(-thetaJ);
    }

    private static double Azimuth(SpatialVector v, double otherwise) => IsNegligible(v.X, v.Y) ? otherwise : Math.Atan2(v.Y, v.X);

    private static bool IsNegligible(double x, double y) => Math.Abs(x) < Negligible && Math.Abs(y) < Negligible;
}
