using Amnre.Engine.Simulators;

namespace Amnre.Engine.ChainRule;

/// <summary>The posterior of one parameter as points of equal mass, with its density there.</summary>
/// <param name="Points">Ascending values, with the logarithm of the density with respect to the prior.</param>
/// <param name="LogPrior">Logarithm of the prior's density at the same values.</param>
/// <param name="Total">Probability before normalising: 1 for a perfect estimate.</param>
internal sealed record MarginalPoints(IReadOnlyList<(double Value, double LogRatio)> Points, IReadOnlyList<double> LogPrior, double Total)
{
    private const int Count = 4096, Knots = 64;

    /// <summary>From the marginal of an estimator that knows the parameter alone.</summary>
    /// <param name="knots">As <see cref="MarginalKnots"/> finds it.</param>
    public static MarginalPoints Of(ISimulator simulator, int parameter, KnotDensity knots) =>
        Of(PriorQuantiles.Of(simulator, parameter), knots, knots.Total());

    /// <summary>From draws: their density is that of a Gaussian around each, reflected at the prior's ends.</summary>
    /// <param name="draws">Of the parameter.</param>
    public static MarginalPoints Of(ISimulator simulator, int parameter, IEnumerable<float> draws)
    {
        var prior = PriorQuantiles.Of(simulator, parameter);
        double[] u = [.. draws.Select(prior.Probability).Order()];
        var knots = new SortedSet<double> { 0, 1 };
        for (var k = 0; k <= Knots; k++)
        {
            knots.Add(u[(int)((u.Length - 1L) * k / Knots)]);
            knots.Add(u[0] + (u[^1] - u[0]) * k / Knots);
        }

        double[] at = [.. knots];
        var density = new KnotDensity(at.Length);
        density.Add(at, SmoothedDensity.Logs(u, at));
        return Of(prior, density, 1);
    }

    /// <summary>The cumulative probability of a value.</summary>
    public double Below(double value)
    {
        var (low, high) = (0, Points.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Points[middle].Value < value) low = middle + 1;
            else high = middle;
        }

        return (double)low / Points.Count;
    }

    private static MarginalPoints Of(PriorQuantiles prior, KnotDensity density, double total)
    {
        var (points, slopes, quantiles) = (new (double, double)[Count], new double[Count], new KnotQuantiles(density));
        for (var i = 0; i < Count; i++)
        {
            var (u, log) = quantiles.Of((i + 0.5) / Count);
            (points[i], slopes[i]) = ((prior.Theta(u), log), Math.Log(prior.Slope(u)));
        }

        return new MarginalPoints(points, slopes, total);
    }
}
