using Amnre.Engine.Waveforms;

namespace Amnre.Engine.Detectors;

/// <summary>What a detector receives of a wave.</summary>
/// <param name="Harmonics">Combination of the harmonics.</param>
/// <param name="Delay">Seconds that it arrives later.</param>
/// <param name="Weights">Factor of each bin, over the grid.</param>
internal readonly record struct WaveChannel(Harmonics Harmonics, double Delay, double[] Weights)
{
    private static readonly double[] Ones = [.. Enumerable.Repeat(1.0, FrequencyGrid.Length)];

    /// <summary>As it is: one polarisation, neither delayed nor whitened.</summary>
    public static WaveChannel Plain(in Harmonics harmonics) => new(harmonics, 0, Ones);
}
