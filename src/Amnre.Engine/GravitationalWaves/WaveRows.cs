using Amnre.Engine.Detectors;
using Amnre.Engine.Randomness;
using Amnre.Engine.Waveforms;

namespace Amnre.Engine.GravitationalWaves;

/// <summary>What is random in rows of a dataset: theta by the first words of a row, its noise by those that follow.</summary>
internal static class WaveRows
{
    /// <param name="seed">Names the dataset.</param>
    /// <param name="firstRow">Index of the first row.</param>
    /// <param name="theta">Receives (n, 15).</param>
    /// <returns>What is left of each row's words.</returns>
    public static CounterRandom[] Draw(ulong seed, long firstRow, Span<float> theta)
    {
        var randoms = new CounterRandom[theta.Length / BinaryParameters.Count];
        for (var row = 0; row < randoms.Length; row++)
        {
            randoms[row] = new CounterRandom(seed, RandomPurpose.Rows, (ulong)(firstRow + row));
            BinaryPrior.Draw(ref randoms[row], theta.Slice(row * BinaryParameters.Count, BinaryParameters.Count));
        }

        return randoms;
    }

    /// <param name="randoms">One for each row.</param>
    /// <param name="x">Noise is added to it, (n, observation size).</param>
    public static void AddNoise(Span<CounterRandom> randoms, Span<float> x)
    {
        var size = randoms.Length == 0 ? 0 : x.Length / randoms.Length;
        for (var row = 0; row < randoms.Length; row++) WhiteNoise.Add(ref randoms[row], x.Slice(row * size, size));
    }
}
