namespace Amnre.Scheduler.Charts;

/// <summary>Smooths a curve by an exponential moving average without the pull of its beginning: each value is the mean of all before,
/// weighted by <c>weight^age</c>. Values that are not finite are passed over and stay gaps. Pure.</summary>
internal static class Smoothing
{
    /// <param name="points">In order.</param>
    /// <param name="weight">In [0, 1); 0 changes nothing.</param>
    public static IReadOnlyList<Point> Exponential(IReadOnlyList<Point> points, double weight)
    {
        if (weight is <= 0 or >= 1) return points;
        var smooth = new List<Point>(points.Count);
        double sum = 0, mass = 0;
        foreach (var point in points)
        {
            if (!double.IsFinite(point.Y))
            {
                smooth.Add(point);
                continue;
            }

            (sum, mass) = ((weight * sum) + point.Y, (weight * mass) + 1);
            smooth.Add(point with { Y = sum / mass });
        }

        return smooth;
    }
}
