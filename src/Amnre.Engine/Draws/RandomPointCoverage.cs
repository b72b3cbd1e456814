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
        var (low, high) = Box(theta, size);
        var points = new float[theta.Length];
        for (var row = 0; row < theta.Length / size; row++)
        {
            var random = new CounterRandom(seed, RandomPurpose.Resampling, (ulong)row);
            for (var d = 0; d < size; d++) points[row * size + d] = low[d] + (high[d] - low[d]) * random.NextSingle();
        }

        return Fractions(theta, draws, size, points);
    }

    /// <param name="theta">True parameters (n, D).</param>
    /// <param name="draws">For each row L draws, (n, L, D).</param>
    /// <param name="size">D.</param>
    /// <param name="points">(n, D), each a function of its row's observation and of chance, not of its true parameters.</param>
    /// <returns>(n), each in [0, 1].</returns>
    public static double[] Fractions(ReadOnlySpan<float> theta, ReadOnlySpan<float> draws, int size, ReadOnlySpan<float> points)
    {
        var rows = theta.Length / size;
        var count = draws.Length / theta.Length;
        ArgumentOutOfRangeException.ThrowIfNotEqual(draws.Length, rows * count * size, nameof(draws));
        ArgumentOutOfRangeException.ThrowIfNotEqual(points.Length, theta.Length, nameof(points));
        var (low, high) = Box(theta, size);
        var fractions = new double[rows];
        for (var row = 0; row < rows; row++)
        {
            var point = points.Slice(row * size, size);
            var truth = Distance(theta.Slice(row * size, size), point);
            var nearer = 0;
            for (var draw = 0; draw < count; draw++)
                if (Distance(draws.Slice((row * count + draw) * size, size), point) < truth) nearer++;
            fractions[row] = (double)nearer / count;
        }

        return fractions;

        double Distance(ReadOnlySpan<float> from, ReadOnlySpan<float> to)
        {
            var squares = 0.0;
            for (var d = 0; d < size; d++)
            {
                var step = (from[d] - to[d]) / (high[d] - low[d]);
                squares += step * step;
            }

            return squares;
        }
    }

    private static (float[] Low, float[] High) Box(ReadOnlySpan<float> theta, int size)
    {
        float[] low = [.. theta[..size]], high = [.. theta[..size]];
        for (var i = 0; i < theta.Length; i++)
            (low[i % size], high[i % size]) = (Math.Min(low[i % size], theta[i]), Math.Max(high[i % size], theta[i]));
        return (low, high);
    }

    /// <summary>Largest distance between the distribution of the fractions and the uniform one (Kolmogorov's statistic).</summary>
    public static double Deviation(IReadOnlyCollection<double> fractions) =>
        fractions.Order().Select((value, i) => Math.Max((i + 1.0) / fractions.Count - value, value - (double)i / fractions.Count)).Max();
}
