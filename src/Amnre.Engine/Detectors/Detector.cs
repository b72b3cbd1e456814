using Amnre.Engine.Waveforms;

namespace Amnre.Engine.Detectors;

/// <summary>An interferometer on the rotating Earth: where it stands and how it responds, in Earth-fixed coordinates.</summary>
/// <param name="Name">Such as <c>H1</c>.</param>
/// <param name="Position">Metres from the geocentre.</param>
/// <param name="Response">(x⊗x − y⊗y)/2 of the arms' directions: xx, xy, xz, yy, yz, zz; LALSuite's numbers, which are floats.</param>
internal sealed record Detector(string Name, SpatialVector Position, IReadOnlyList<double> Response)
{
    public static Detector Hanford { get; } = new("H1", new(-2161414.92636, -3834695.17889, 4600350.22664),
        [-0.39261409640312195, -0.07761341333389282, -0.2473890483379364, 0.3195240795612335, 0.22799783945083618, 0.07309003174304962]);

    public static Detector Livingston { get; } = new("L1", new(-74276.0447238, -5496283.71971, 3224257.01744),
        [0.41128087043762207, 0.14021027088165283, 0.2472945898771286, -0.10900568962097168, -0.18161563575267792, -0.302275151014328]);

    /// <summary>Those of an observation, in its order.</summary>
    public static IReadOnlyList<Detector> Pair { get; } = [Hanford, Livingston];

    /// <summary>F₊ and F×: how much of either polarisation is received.</summary>
    /// <param name="p">Place on the sky and polarisation angle.</param>
    /// <param name="sidereal">Greenwich mean sidereal time, rad.</param>
    public (double Plus, double Cross) Antenna(in BinaryParameters p, double sidereal)
    {
        var (sinG, cosG) = Math.SinCos(sidereal - p.RightAscension);
        var (sinD, cosD) = Math.SinCos(p.Declination);
        var (sinP, cosP) = Math.SinCos(p.Polarization);
        SpatialVector x = new(-cosP * sinG - sinP * cosG * sinD, -cosP * cosG + sinP * sinG * sinD, sinP * cosD);
        SpatialVector y = new(sinP * sinG - cosP * cosG * sinD, sinP * cosG + cosP * sinG * sinD, cosP * cosD);
        return (SpatialVector.Dot(x, Received(x)) - SpatialVector.Dot(y, Received(y)),
            SpatialVector.Dot(x, Received(y)) + SpatialVector.Dot(y, Received(x)));
    }

    /// <summary>Seconds after the geocentre at which a wave arrives.</summary>
    public double Delay(in BinaryParameters p, double sidereal)
    {
        var (sinG, cosG) = Math.SinCos(sidereal - p.RightAscension);
        var (sinD, cosD) = Math.SinCos(p.Declination);
        return -SpatialVector.Dot(Position, new(cosD * cosG, -cosD * sinG, sinD)) / PhysicalConstants.SpeedOfLight;
    }

    private SpatialVector Received(SpatialVector v) => new(
        Response[0] * v.X + Response[1] * v.Y + Response[2] * v.Z,
        Response[1] * v.X + Response[3] * v.Y + Response[4] * v.Z,
        Response[2] * v.X + Response[4] * v.Y + Response[5] * v.Z);
}
