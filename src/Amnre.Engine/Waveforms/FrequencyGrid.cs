namespace Amnre.Engine.Waveforms;

/// <summary>The frequencies of all spectra: bin k is k/8 Hz, from 0 to 1024 Hz, of a segment of 8 s.</summary>
internal static class FrequencyGrid
{
    public const int Bins = 8193;

    /// <summary>Hz.</summary>
    public const double Spacing = 0.125;

    /// <summary>The first bin that may hold a signal: 20 Hz.</summary>
    public const int First = 160;

    /// <summary>Bins from here on hold no signal.</summary>
    public const int End = 8192;

    /// <summary>Where spins and phases are given, Hz.</summary>
    public const double Reference = 20;

    /// <summary>Seconds.</summary>
    public const double Duration = 1 / Spacing;

    /// <summary>Values that whole vectors may read or write beyond <see cref="End"/>.</summary>
    public const int Padding = 4;

    /// <summary>Length of arrays over the grid.</summary>
    public const int Length = End + Padding;

    /// <summary>f^(1/3), f in Hz.</summary>
    public static double[] CubeRoots { get; } = Table(Math.Cbrt);

    /// <summary>f^(−1/3).</summary>
    public static double[] InverseCubeRoots { get; } = Table(static f => 1 / Math.Cbrt(f));

    /// <summary>ln(f)/3.</summary>
    public static double[] LogCubeRoots { get; } = Table(static f => Math.Log(f) / 3);

    /// <summary>f^(−7/6), the fall of the amplitude while the bodies are far apart.</summary>
    public static double[] Falls { get; } = Table(static f => 1 / (f * Math.Sqrt(Math.Cbrt(f))));

    /// <summary>The first bin of at least <paramref name="frequency"/> (M·f), for a total mass of <paramref name="seconds"/>.</summary>
    public static int FirstBinOf(double frequency, double seconds)
    {
        var bin = (int)Math.Clamp(Math.Ceiling(frequency / (seconds * Spacing)), 0, Bins);
        while (bin > 0 && (bin - 1) * Spacing * seconds >= frequency) bin--;
        while (bin < Bins && bin * Spacing * seconds < frequency) bin++;
        return bin;
    }

    private static double[] Table(Func<double, double> value)
    {
        var table = new double[Length];
        for (var k = 1; k < Length; k++) table[k] = value(k * Spacing);
        return table;
    }
}
