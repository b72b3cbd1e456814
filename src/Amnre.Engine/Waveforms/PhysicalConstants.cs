namespace Amnre.Engine.Waveforms;

/// <summary>Constants as LALSuite has them since July 2021.</summary>
internal static class PhysicalConstants
{
    /// <summary>G·M☉/c³, seconds.</summary>
    public const double SunSeconds = 4.925490947641266978197229498498379006e-6;

    /// <summary>G·M☉/c², metres.</summary>
    public const double SunMetres = 1.476625038050124729627979840144936351e3;

    /// <summary>Metres.</summary>
    public const double Megaparsec = 3.085677581491367278913937957796471611e22;

    /// <summary>Metres per second.</summary>
    public const double SpeedOfLight = 299792458;

    public const double EulerGamma = 0.577215664901532860606512090082402431;
}
