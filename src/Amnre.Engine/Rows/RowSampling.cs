using System.Runtime.ExceptionServices;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Rows;

/// <summary>Draws rows on several processors. A row is a function of (seed, index), so how the rows are split does not show.</summary>
internal static class RowSampling
{
    /// <param name="simulator">What to draw from.</param>
    /// <param name="seed">Names the dataset.</param>
    /// <param name="firstRow">Index of the first row in the dataset.</param>
    /// <param name="theta">Receives (n, D), row-major.</param>
    /// <param name="x">Receives (n, observation size), row-major.</param>
    /// <param name="blockRows">Rows drawn by one processor at a time.</param>
    /// <param name="threads">Most processors; 0 for all.</param>
    /// <param name="stop">Abandons the drawing.</param>
    /// <remarks>What the simulator throws comes as it is: one of several processors' errors.</remarks>
    public static void Fill(
        ISimulator simulator, ulong seed, long firstRow, Memory<float> theta, Memory<float> x, int blockRows, int threads,
        CancellationToken stop)
    {
        if (simulator is IStoppableSimulator stoppable)
        {
            stoppable.Sample(seed, firstRow, theta, x, stop);
            return;
        }

        var thetaSize = simulator.ThetaSize;
        var rows = theta.Length / thetaSize;
        var observationSize = x.Length / rows;
        var options = new ParallelOptions { CancellationToken = stop, MaxDegreeOfParallelism = threads > 0 ? threads : -1 };
        try
        {
            Parallel.For(0, (rows + blockRows - 1) / blockRows, options, block =>
            {
                var start = block * blockRows;
                var count = Math.Min(blockRows, rows - start);
                simulator.Sample(
                    seed, firstRow + start,
                    theta.Span.Slice(start * thetaSize, count * thetaSize),
                    x.Span.Slice(start * observationSize, count * observationSize));
            });
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }
}
