using Amnre.Engine.Randomness;

namespace Amnre.Engine.Draws;

/// <summary>TARP: the fraction of a posterior's draws that lie nearer to a random point than the true parameters do is uniform if, and
/// over all points only if, the posterior is right. Needs draws alone, in any number of dimensions.
/// Lemos et al., Sampling-based accuracy testing of posterior estimators for general inference (ICML 2023).</summary>
internal static class RandomPointCoverage
{
    /// <param name="theta">True parameters (n, D).</param>
    /// <param name="draws">For each row L draws, (n, L, D).</param>
    /// <param name="size">D.</param>
    /// <param name="seed">Names the points, which are uniform over the box of all true parameters.</param>
    /// <returns>(n), each in [0, 1].</returns>
    public static double[] Fractions(ReadOnlySpan<float> theta, ReadOnlySpan<float> draws, int size, ulong seed)
    {
        var rows = theta.Length / size;
        var count = draws.Length / theta.Length;
        ArgumentOutOfRangeException.ThrowIfNotEqual(draws.Length, rows * count * size, nameof(draws));
        float[] low = [.. theta[..size]], high = [.. theta[..size]];
        for (var i = 0; i < theta.Length; i++)
            (low[i % size], high[i % size]) = (Math.Min(low[i % size], theta[i]), Math.Max(high[i % size], theta[i]));

        var fractions = new double[rows];
        var point = new float[size];
        for (var row = 0; row < rows; row++)
        {
            var random = new CounterRandom(seed, RandomPurpose.Resampling, (ulong)row);
            for (var d = 0; d < size; d++) point[d] = low[d] + (high[d] - low[d]) * random.NextSingle();
            var truth = Distance(theta.Slice(row * size, size));
            var nearer = 0;
            for (var draw = 0; draw < count; draw++)
                if (Distance(draws.Slice((row * count + draw) * size, size)) < truth) nearer++;
            fractions[row] = (double)nearer / count;
        }

        return fractions;

        double Distance(ReadOnlySpan<float> from)
        {
            var squares = 0.0;
            for (var d = 0; d < size; d++)
            {
                var step = (from[d] - point[d]) / (high[d] - low[d]);
                squares += step * step;
            }

            return squares;
        }
    }

    /// <summary>Largest distance between the distribution of the fractions and the uniform one (Kolmogorov's statistic).</summary>
    public static double Deviation(IReadOnlyCollection<double> fractions) =>
        fractions.Order().Select((value, i) => Math.Max((i + 1.0) / fractions.Count - value, value - (double)i / fractions.Count)).Max();
}
