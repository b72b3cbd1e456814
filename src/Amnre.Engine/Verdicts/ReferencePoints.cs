using Amnre.Engine.Draws;
using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;

namespace Amnre.Engine.Verdicts;

/// <summary>How draws lie around points that do not know the truth: random ones, and what a regression on the observation
/// expects. Where a posterior is right, the truth is like any draw in this.</summary>
internal static class ReferencePoints
{
    /// <param name="measures">Receives the fractions.</param>
    /// <param name="theta">True parameters (n, D).</param>
    /// <param name="x">Observations (n, observation size).</param>
    /// <param name="draws">(n, L, D).</param>
    /// <param name="seed">Names the points.</param>
    public static void Add(CalibrationMeasures measures, float[] theta, float[] x, float[] draws, ulong seed)
    {
        var size = measures.Labels.Count;
        var (rows, count) = (theta.Length / size, draws.Length / theta.Length);
        var points = RegressedPoints.Of(theta, x, rows);
        measures.Nearer["to random points"] = [.. RandomPointCoverage.Fractions(theta, draws, size, seed)];
        measures.Nearer["to what a regression on the observation expects"] = [.. RandomPointCoverage.Fractions(theta, draws, size, points)];
        for (var d = 0; size > 1 && d < size; d++)
        {
            var alone = new ParameterMask(1u << d, size);
            measures.Nearer[$"to what a regression on the observation expects of {measures.Labels[d]}"] = [.. RandomPointCoverage.Fractions(
                MaskedRows.Of(alone, theta), MaskedRows.Of(alone, draws), 1, MaskedRows.Of(alone, points))];
        }

        for (var j = 0; j < size; j++)
            for (var i = 0; i < j; i++)
                measures.Together[$"{measures.Labels[i]} and {measures.Labels[j]}"] =
                    [.. Products(theta, draws, points, size, count, i, j)];

        // Steps of the number of draws are smoothed by chance, so that the fractions are uniform.
        var random = new CounterRandom(seed, RandomPurpose.Verdicts, ulong.MaxValue);
        foreach (var fractions in measures.Nearer.Values.Concat(measures.Together.Values))
            for (var row = 0; row < rows; row++)
                fractions[row] = TruthRank.Of((int)Math.Round(fractions[row] * count), count, random.NextDouble());
    }

    private static IEnumerable<double> Products(float[] theta, float[] draws, float[] points, int size, int count, int i, int j)
    {
        for (var row = 0; row < theta.Length / size; row++)
        {
            var (a, b) = ((double)points[row * size + i], (double)points[row * size + j]);
            var truth = (theta[row * size + i] - a) * (theta[row * size + j] - b);
            var smaller = 0;
            for (var at = row * count * size; at < (row + 1) * count * size; at += size)
                if ((draws[at + i] - a) * (draws[at + j] - b) < truth) smaller++;
            yield return (double)smaller / count;
        }
    }
}
