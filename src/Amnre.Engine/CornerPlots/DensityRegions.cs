namespace Amnre.Engine.CornerPlots;

/// <summary>Highest-density regions of a histogram.</summary>
internal static class DensityRegions
{
    /// <summary>For each mass q the value of the last cell that is needed when cells are taken from the heaviest down until they
    /// hold q of the total: the region is where the histogram is no lower.</summary>
    public static double[] Levels(float[] masses, IReadOnlyList<double> quantiles)
    {
        var sorted = masses.OrderDescending().ToArray();
        var total = sorted.Sum(mass => (double)mass);
        return [.. quantiles.Select(quantile =>
        {
            var sum = 0.0;
            foreach (var mass in sorted)
            {
                sum += mass;
                if (sum >= quantile * total) return mass;
            }

            return (double)sorted[^1];
        })];
    }
}
