namespace Amnre.Engine.Inference;

/// <summary>What a posterior says of one parameter.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Mean">Of the posterior.</param>
/// <param name="Deviation">Standard deviation.</param>
/// <param name="Median">Half of the mass lies below it.</param>
/// <param name="Region68">The intervals of highest density that hold 68 % of the mass, ascending; several where it has several
/// modes.</param>
/// <param name="Region95">Those of 95 %.</param>
/// <param name="Information">Divergence of the posterior from the prior, in nats: 0 where the observation says nothing, ln 2 where it
/// halves what is possible.</param>
public sealed record MarginalSummary(
    string Name, double Mean, double Deviation, double Median, IReadOnlyList<(double Low, double High)> Region68,
    IReadOnlyList<(double Low, double High)> Region95, double Information)
{
    /// <summary>Two points belong to one interval where the mean density between them is at least this part of the region's
    /// lowest.</summary>
    private const double Bridge = 0.5;

    /// <summary>The density at a point is the mean over those of a part of the mass like this around it: what points of equal mass tell of
    /// a flat density is rounding.</summary>
    private const double Smoothing = 1.0 / 64;

    /// <summary>Gaps that hold no more of the mass than this are none.</summary>
    private const double Gap = 0.005;

    /// <summary>Where there is less mass than this part of what the densities on both sides say, a mode ends.</summary>
    private const double Void = 1.0 / 8;

    /// <summary>The prior is log-uniform: the regions are of the density of the logarithm.</summary>
    public bool IsLogarithmic { get; init; }

    /// <param name="name">The parameter.</param>
    /// <param name="points">Points of equal mass, ascending, with the logarithm of the density there with respect to the prior.</param>
    /// <param name="logPrior">Logarithm of the prior's density at the same values.</param>
    /// <param name="isLogarithmic">Whether regions are of the density of the logarithm.</param>
    internal static MarginalSummary Of(
        string name, IReadOnlyList<(double Value, double LogRatio)> points, IReadOnlyList<double> logPrior, bool isLogarithmic)
    {
        var mean = points.Average(point => point.Value);
        var deviation = Math.Sqrt(points.Average(point => (point.Value - mean) * (point.Value - mean)));
        double[] seen = [.. points.Select(point => isLogarithmic ? Math.Log(point.Value) : point.Value)];
        // Of the density of θ itself, of which the prior's is the rest; p(ln θ) = θ p(θ).
        double[] density = [.. points.Select((point, place) => point.LogRatio + logPrior[place] + (isLogarithmic ? seen[place] : 0))];
        density = Smoothed(density, seen);
        double[] descending = [.. density.OrderDescending()];
        return new MarginalSummary(name, mean, deviation, points[points.Count / 2].Value, Region(0.68), Region(0.95),
            Math.Max(0, points.Average(point => point.LogRatio)))
        {
            IsLogarithmic = isLogarithmic,
        };

        IReadOnlyList<(double, double)> Region(double mass)
        {
            var level = descending[Math.Min(points.Count - 1, (int)(mass * points.Count))];
            var (intervals, begin) = (new List<(double, double)>(), -1);
            for (var i = 0; i < points.Count; i++)
            {
                if (density[i] < level) continue;
                if (begin < 0) begin = i;
                var next = i + 1;
                while (next < points.Count && density[next] < level) next++;
                if (next < points.Count && next - i - 1 <= Gap * points.Count
                    && Enumerable.Range(i, next - i).All(place => Together(place, level)))
                {
                    i = next - 1;
                    continue;
                }

                intervals.Add((points[begin].Value, points[i].Value));
                begin = -1;
            }

            return intervals;
        }

        // Between two modes that are far apart lies no point at all.
        bool Together(int i, double level) =>
            -Math.Log(points.Count * Math.Max(seen[i + 1] - seen[i], double.Epsilon)) >= level + Math.Log(Bridge);
    }

    /// <summary>Each mode by itself.</summary>
    private static double[] Smoothed(double[] density, double[] seen)
    {
        var (result, count, half) = (new double[density.Length], density.Length, (int)(density.Length * Smoothing / 2));
        for (var first = 0; first < count;)
        {
            var last = first;
            while (last + 1 < count && -Math.Log(count * Math.Max(seen[last + 1] - seen[last], double.Epsilon))
                >= Math.Min(density[last], density[last + 1]) + Math.Log(Void)) last++;
            for (var i = first; i <= last; i++)
            {
                // As many on both sides, so that a slope keeps its height.
                var reach = Math.Min(half, Math.Min(i - first, last - i));
                var sum = 0.0;
                for (var k = i - reach; k <= i + reach; k++) sum += density[k];
                result[i] = sum / (2 * reach + 1);
            }

            first = last + 1;
        }

        return result;
    }
}
