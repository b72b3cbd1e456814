namespace Amnre.Engine.Waveforms;

/// <summary>Spins in the frame whose z axis is the orbital angular momentum and whose x axis points from body 2 to body 1, at the
/// reference frequency, as XLALSimInspiralTransformPrecessingNewInitialConditions gives them.</summary>
/// <param name="Inclination">Between the orbital angular momentum and the line of sight, rad.</param>
/// <param name="Spin1">Dimensionless.</param>
/// <param name="Spin2">Dimensionless.</param>
internal readonly record struct SourceFrame(double Inclination, SpatialVector Spin1, SpatialVector Spin2)
{
    public static SourceFrame Of(in BinaryParameters p)
    {
        if (IsAligned(p.Spin1, p.Tilt1) && IsAligned(p.Spin2, p.Tilt2))
            return new(p.ThetaJN, new(0, 0, p.Spin1 * Math.Cos(p.Tilt1)), new(0, 0, p.Spin2 * Math.Cos(p.Tilt2)));

        double total = p.TotalMass, eta = p.SymmetricMassRatio;
        var v = Math.Cbrt(Math.PI * total * PhysicalConstants.SunSeconds * FrequencyGrid.Reference);
        // First post-Newtonian order only; the waveform model takes one more.
        var orbital = total * total * (eta / v) * (1 + v * v * OrbitalAngularMomentum.First(eta));
        var s1 = Direction(p.Tilt1, p.Phase);
        var s2 = Direction(p.Tilt2, p.Phi12 + p.Phase);
        var j = new SpatialVector(0, 0, orbital) + p.Mass1 * p.Mass1 * p.Spin1 * s1 + p.Mass2 * p.Mass2 * p.Spin2 * s2;
        var (theta0, phi0) = (Math.Acos(j.Z / j.Length), Math.Atan2(j.Y, j.X));

        var turn = p.PhiJL - Math.PI;
        var l = SpatialVector.AlongZ.RotatedY(-theta0).RotatedZ(turn);
        s1 = s1.RotatedZ(-phi0).RotatedY(-theta0).RotatedZ(turn);
        s2 = s2.RotatedZ(-phi0).RotatedY(-theta0).RotatedZ(turn);
        var n = new SpatialVector(0, Math.Sin(p.ThetaJN), Math.Cos(p.ThetaJN));
        var inclination = Math.Acos(SpatialVector.Dot(n, l));

        var (thetaL, phiL) = (Math.Acos(l.Z), Math.Atan2(l.Y, l.X));
        s1 = s1.RotatedZ(-phiL).RotatedY(-thetaL);
        s2 = s2.RotatedZ(-phiL).RotatedY(-thetaL);
        n = n.RotatedZ(-phiL).RotatedY(-thetaL);
        var last = Math.PI / 2 - Math.Atan2(n.Y, n.X) - p.Phase;
        return new(inclination, p.Spin1 * s1.RotatedZ(last), p.Spin2 * s2.RotatedZ(last));
    }

    private static bool IsAligned(double spin, double tilt) => spin == 0 || tilt is 0 or Math.PI;

    private static SpatialVector Direction(double tilt, double azimuth)
    {
        var (sin, cos) = Math.SinCos(azimuth);
        return new(Math.Sin(tilt) * cos, Math.Sin(tilt) * sin, Math.Cos(tilt));
    }
}
