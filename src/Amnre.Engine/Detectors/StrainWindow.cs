using Amnre.Engine.Waveforms;

namespace Amnre.Engine.Detectors;

/// <summary>Tukey's window over a segment of strain: cosine tapers of 0.4 s at either end, 1 between.</summary>
internal static class StrainWindow
{
    /// <summary>Samples per second.</summary>
    public const int Rate = 4096;

    /// <summary>Samples of a segment.</summary>
    public const int Samples = (int)FrequencyGrid.Duration * Rate;

    private const double RollOff = 0.4;

    public static double[] Values { get; } = Tukey();

    /// <summary>Mean of the squares.</summary>
    public static double Factor { get; } = Values.Average(static w => w * w);

    private static double[] Tukey()
    {
        var window = new double[Samples];
        const double Width = 2 * RollOff / FrequencyGrid.Duration * (Samples - 1);
        for (var n = 0; n < Samples; n++)
        {
            var edge = Math.Min(n, Samples - 1 - n);
            window[n] = edge <= Width / 2 ? (1 + Math.Cos(Math.PI * (2 * edge / Width - 1))) / 2 : 1;
        }

        return window;
    }
}
