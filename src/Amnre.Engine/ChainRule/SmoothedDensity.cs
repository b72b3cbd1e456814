namespace Amnre.Engine.ChainRule;

/// <summary>The density of draws in [0, 1], each spread by a Gaussian that is reflected at both ends.
/// Silverman: Density estimation for statistics and data analysis (1986), 3.4.2 (width) and 2.10 (reflection).</summary>
internal static class SmoothedDensity
{
    /// <summary>Beyond it a Gaussian counts as nothing, in deviations.</summary>
    private const double Reach = 6;

    /// <param name="sorted">The draws, ascending.</param>
    /// <param name="at">Where the density is wanted.</param>
    /// <returns>Its logarithms.</returns>
    public static float[] Logs(double[] sorted, double[] at)
    {
        var mean = sorted.Average();
        var deviation = Math.Sqrt(sorted.Average(u => (u - mean) * (u - mean)));
        var quarters = (sorted[sorted.Length * 3 / 4] - sorted[sorted.Length / 4]) / 1.34;
        var width = Math.Max(1e-9, 0.9 * (quarters > 0 ? Math.Min(deviation, quarters) : deviation) * Math.Pow(sorted.Length, -0.2));
        return Array.ConvertAll(at, place => (float)Math.Log(Sum(place) + Sum(-place) + Sum(2 - place)));

        double Sum(double place)
        {
            var sum = 0.0;
            var first = Array.BinarySearch(sorted, place - Reach * width);
            for (var i = first >= 0 ? first : ~first; i < sorted.Length && sorted[i] <= place + Reach * width; i++)
            {
                var z = (sorted[i] - place) / width;
                sum += Math.Exp(-0.5 * z * z);
            }

            return sum;
        }
    }
}
