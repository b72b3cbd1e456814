namespace Amnre.Engine.Detectors;

/// <summary>How far the Earth has turned.</summary>
internal static class SiderealClock
{
    /// <summary>Nominal time of GW150914, GPS seconds.</summary>
    public const double GW150914 = 1126259462.391;

    /// <summary>Greenwich mean sidereal time then, rad: the mean time of the IAU of 2006, with UT1 − UTC = 0.2548 s.</summary>
    public const double OfGW150914 = 2.4565508383696706;

    /// <summary>Greenwich mean sidereal time, rad, from 0 to 2π. Away from GW150914 without UT1 − UTC, which is at most 7e-5 rad.</summary>
    /// <param name="gps">GPS seconds, of 2012 or later.</param>
    public static double At(double gps)
    {
        if (gps == GW150914) return OfGW150914;
        // Aoki et al., The new definition of Universal Time (1982); days since 2000 January 1, 12 h UT.
        const double EpochOfGps = -7300.5;
        var days = EpochOfGps + (gps - LeapSeconds(gps)) / 86400;
        var centuries = days / 36525;
        var seconds = 67310.54841 + centuries * (876600.0 * 3600 + 8640184.812866 + centuries * (0.093104 - 6.2e-6 * centuries));
        var turn = seconds / 86400 % 1;
        return 2 * Math.PI * (turn < 0 ? turn + 1 : turn);
    }

    /// <summary>GPS minus UTC: 15 s before July 2012, 16 before July 2015, 17 before 2017, 18 since.</summary>
    private static int LeapSeconds(double gps) => gps < 1025136015 ? 15 : gps < 1119744016 ? 16 : gps < 1167264017 ? 17 : 18;
}
