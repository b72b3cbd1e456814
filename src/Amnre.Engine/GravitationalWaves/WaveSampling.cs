using System.Collections.Concurrent;
using Amnre.Engine.Detectors;
using Amnre.Engine.ReducedBases;
using Amnre.Engine.Waveforms;

namespace Amnre.Engine.GravitationalWaves;

/// <summary>From parameters to the coefficients of the whitened strains of both detectors, in units of the noise.</summary>
/// <remarks>Used by several threads at once, each with room of its own.</remarks>
internal sealed class WaveSampling(Observatory observatory, Lazy<ReducedBasis> basis)
{
    /// <summary>Rows that are projected together: enough to read the basis seldom, few enough to stay in the cache.</summary>
    private const int BlockRows = 24;

    private readonly ConcurrentBag<(WaveBuffers Buffers, StrainPanels Strains)> _rooms = [];

    /// <summary>Numbers in one observation: detectors × columns × 2.</summary>
    public int ObservationSize => Detector.Pair.Count * basis.Value.Columns * 2;

    /// <summary>Noise-free observations of given parameters.</summary>
    /// <param name="theta">(n, 15), row-major.</param>
    /// <param name="x">Receives (n, 2, columns, 2), row-major.</param>
    public void Observe(ReadOnlySpan<float> theta, Span<float> x)
    {
        var scale = 1 / observatory.NoiseDeviation;
        var size = ObservationSize;
        if (!_rooms.TryTake(out var room)) room = (new WaveBuffers(), new StrainPanels(BlockRows * Detector.Pair.Count));
        for (var row = 0; row * BinaryParameters.Count < theta.Length;)
        {
            var first = row;
            room.Strains.Clear();
            for (; row * BinaryParameters.Count < theta.Length && row < first + BlockRows; row++)
            {
                observatory.Whiten(BinaryParameters.Of(theta.Slice(row * BinaryParameters.Count, BinaryParameters.Count)), room.Buffers);
                room.Strains.Add(room.Buffers.First);
                room.Strains.Add(room.Buffers.Second);
            }

            basis.Value.Project(room.Strains, scale, x[(first * size)..(row * size)]);
        }

        _rooms.Add(room);
    }

    /// <summary>Draws rows.</summary>
    /// <param name="seed">Names the dataset.</param>
    /// <param name="firstRow">Index of the first row.</param>
    /// <param name="theta">Receives (n, 15).</param>
    /// <param name="x">Receives (n, 2, columns, 2).</param>
    /// <param name="isNoisy">Whether noise is added.</param>
    public void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x, bool isNoisy)
    {
        var randoms = WaveRows.Draw(seed, firstRow, theta);
        Observe(theta, x);
        if (isNoisy) WaveRows.AddNoise(randoms, x);
    }
}
