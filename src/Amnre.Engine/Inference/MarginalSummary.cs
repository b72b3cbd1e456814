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

    /// <summary>The mass, in all, of gaps that are closed: an estimate's density is not smooth, and wavers about the region's lowest near
    /// an interval's ends.</summary>
    private const double Closed = 0.01;

    /// <summary>Differences of log densities that say nothing: on a plateau they would make a region of its every rise.</summary>
    private const double Alike = 0.005;

    /// <summary>Whether its prior is log-uniform, so that regions are of the density of the logarithm.</summary>
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
        // On a plateau neighbours come after one another.
        int[] descending = [.. Enumerable.Range(0, points.Count).OrderByDescending(i => Math.Round(density[i] / Alike)).ThenBy(i => i)];
        return new MarginalSummary(name, mean, deviation, points[points.Count / 2].Value, Region(0.68), Region(0.95),
            Math.Max(0, points.Average(point => point.LogRatio)))
        {
            IsLogarithmic = isLogarithmic,
        };

        IReadOnlyList<(double, double)> Region(double mass)
        {
            var count = Math.Min(points.Count - 1, (int)(mass * points.Count)) + 1;
            var (level, within) = (density[descending[count - 1]] - Alike, new bool[points.Count]);
            foreach (var i in descending.AsSpan(0, count)) within[i] = true;
            var (intervals, begin) = (new List<(int First, int Last)>(), -1);
            for (var i = 0; i < points.Count; i++)
            {
                if (!within[i]) continue;
                if (begin < 0) begin = i;
                if (i + 1 < points.Count && within[i + 1] && Together(i, level)) continue;
                intervals.Add((begin, i));
                begin = -1;
            }

            Close(intervals, level);
            return [.. intervals.Select(interval => (points[interval.First].Value, points[interval.Last].Value))];
        }

        // The smallest gaps first, while what they hold is little. A gap between modes is one of the density, and stays.
        void Close(List<(int First, int Last)> intervals, double level)
        {
            var left = (int)(Closed * points.Count);
            var gaps = Enumerable.Range(1, intervals.Count - 1)
                .Select(after => (From: intervals[after - 1].Last, To: intervals[after].First))
                .Where(gap => Enumerable.Range(gap.From, gap.To - gap.From)
                    .All(i => density[i] >= level + Math.Log(Bridge) && Together(i, level)))
                .OrderBy(gap => gap.To - gap.From);
            foreach (var (from, to) in gaps.ToList())
            {
                if ((left -= to - from - 1) < 0) return;
                var place = intervals.FindIndex(interval => interval.Last == from);
                intervals[place] = (intervals[place].First, intervals[place + 1].Last);
                intervals.RemoveAt(place + 1);
            }
        }

        // Between two modes that are far apart lies no point at all.
        bool Together(int i, double level) =>
            -Math.Log(points.Count * Math.Max(seen[i + 1] - seen[i], double.Epsilon)) >= level + Math.Log(Bridge);
    }
}
