using Amnre.Engine.Simulators;

namespace Amnre.Engine.Datasets;

/// <summary>Draws rows on all processors. A row is a function of (seed, index), so how the rows are split does not show.</summary>
internal static class RowSampling
{
    /// <summary>Small enough to share the work evenly, large enough not to notice the sharing.</summary>
    private const int BlockRows = 1024;

    /// <param name="simulator">What to draw from.</param>
    /// <param name="seed">Names the dataset.</param>
    /// <param name="firstRow">Index of the first row in the dataset.</param>
    /// <param name="theta">Receives (n, D), row-major.</param>
    /// <param name="x">Receives (n, observation size), row-major.</param>
    /// <param name="stop">Abandons the drawing.</param>
    public static void Fill(
        ISimulator simulator, ulong seed, long firstRow, Memory<float> theta, Memory<float> x, CancellationToken stop)
    {
        if (simulator is IStoppableSimulator stoppable)
        {
            stoppable.Sample(seed, firstRow, theta, x, stop);
            return;
        }

        var thetaSize = simulator.ThetaSize;
        var rows = theta.Length / thetaSize;
        var observationSize = x.Length / rows;
        Parallel.For(0, (rows + BlockRows - 1) / BlockRows, new ParallelOptions { CancellationToken = stop }, block =>
        {
            var start = block * BlockRows;
            var count = Math.Min(BlockRows, rows - start);
            simulator.Sample(
                seed, firstRow + start,
                theta.Span.Slice(start * thetaSize, count * thetaSize),
                x.Span.Slice(start * observationSize, count * observationSize));
        });
    }
}
