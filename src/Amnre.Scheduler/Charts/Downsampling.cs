namespace Amnre.Scheduler.Charts;

/// <summary>A point of a curve.</summary>
public readonly record struct Point(double X, double Y);

/// <summary>Makes long curves short enough to draw. Pure.</summary>
internal static class Downsampling
{
    /// <summary>At most about <paramref name="most"/> points: of each of equally long runs of points the lowest and the highest, in their
    /// order, and both ends of the curve. So no spike is lost, however narrow. Gaps (points that are not finite) stay gaps.</summary>
    /// <param name="points">With ascending <see cref="Point.X"/>.</param>
    /// <param name="most">At least 4.</param>
    public static IReadOnlyList<Point> KeepExtremes(IReadOnlyList<Point> points, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 4);
        if (points.Count <= most) return points;
        var buckets = (most - 2) / 2;
        var inner = points.Count - 2;
        var kept = new List<Point>(most + buckets) { points[0] };
        for (var bucket = 0; bucket < buckets; bucket++)
        {
            var (begin, end) = (1 + (int)((long)inner * bucket / buckets), 1 + (int)((long)inner * (bucket + 1) / buckets));
            int low = -1, high = -1, gap = -1;
            for (var i = begin; i < end; i++)
            {
                if (!double.IsFinite(points[i].Y)) gap = i;
                else if (low < 0) low = high = i;
                else if (points[i].Y < points[low].Y) low = i;
                else if (points[i].Y > points[high].Y) high = i;
            }

            kept.AddRange(new[] { low, high, gap }.Where(i => i >= 0).Distinct().Order().Select(i => points[i]));
        }

        kept.Add(points[^1]);
        return kept;
    }
}
