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
    /// <summary>Gaps shorter than this many points are noise, not the space between two modes.</summary>
    private const int Gap = 8;

    /// <param name="name">The parameter.</param>
    /// <param name="points">Points of equal mass, ascending, with the logarithm of the density there with respect to the prior.</param>
    internal static MarginalSummary Of(string name, IReadOnlyList<(double Value, double LogRatio)> points, IReadOnlyList<double> logPrior)
    {
        var mean = points.Average(point => point.Value);
        var deviation = Math.Sqrt(points.Average(point => (point.Value - mean) * (point.Value - mean)));
        // Of the density of θ itself; the prior's is the rest of it.
        double[] density = [.. points.Select((point, place) => point.LogRatio + logPrior[place])];
        double[] descending = [.. density.OrderDescending()];
        return new MarginalSummary(name, mean, deviation, points[points.Count / 2].Value, Region(0.68), Region(0.95),
            Math.Max(0, points.Average(point => point.LogRatio)));

        IReadOnlyList<(double, double)> Region(double mass)
        {
            var level = descending[Math.Min(points.Count - 1, (int)(mass * points.Count))];
            var (intervals, begin, last) = (new List<(double, double)>(), -1, -1);
            for (var i = 0; i <= points.Count; i++)
            {
                var inside = i < points.Count && density[i] >= level;
                if (inside) (begin, last) = (begin < 0 ? i : begin, i);
                if (begin < 0 || inside || (i < points.Count && i - last < Gap)) continue;
                intervals.Add((points[begin].Value, points[last].Value));
                begin = -1;
            }

            return intervals;
        }
    }
}
