using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.ChainRule;

/// <summary>The posterior of one parameter as points of equal mass, with its density there.</summary>
/// <param name="Points">Ascending values, with the logarithm of the density with respect to the prior.</param>
/// <param name="LogPrior">Logarithm of the prior's density at the same values.</param>
/// <param name="Total">Probability before normalising: 1 for a perfect estimate.</param>
internal sealed record MarginalPoints(IReadOnlyList<(double Value, double LogRatio)> Points, IReadOnlyList<double> LogPrior, double Total)
{
    private const int Count = 4096;

    /// <summary>From an estimator that knows the parameter alone.</summary>
    public static MarginalPoints Of(ISimulator simulator, IMarginalPosterior posterior, int parameter, ReadOnlySpan<float> x)
    {
        var prior = new PriorQuantiles(simulator, parameter);
        var density = MarginalKnots.Of(posterior, new ParameterMask(1u << parameter, simulator.ThetaSize), prior, x,
            ChainRuleGrid.Default.Shared);
        var (points, slopes) = (new (double, double)[Count], new double[Count]);
        for (var i = 0; i < Count; i++)
        {
            var (u, log) = density.Quantile((i + 0.5) / Count);
            (points[i], slopes[i]) = ((prior.Theta(u), log), Math.Log(prior.Slope(u)));
        }

        return new MarginalPoints(points, slopes, density.Total());
    }

    /// <summary>From draws: the density at each is that of its nearest neighbours.</summary>
    /// <param name="draws">Of the parameter.</param>
    public static MarginalPoints Of(ISimulator simulator, int parameter, IEnumerable<float> draws)
    {
        var prior = new PriorQuantiles(simulator, parameter);
        float[] sorted = [.. draws.Order()];
        double[] u = [.. sorted.Select(value => prior.Probability(value))];
        var reach = Math.Max(1, (int)Math.Sqrt(u.Length));
        var (points, slopes) = (new (double, double)[u.Length], new double[u.Length]);
        for (var i = 0; i < u.Length; i++)
        {
            var (low, high) = (Math.Max(0, i - reach / 2), Math.Min(u.Length - 1, i + reach / 2));
            var width = Math.Max(u[high] - u[low], 1e-9);
            (points[i], slopes[i]) = ((sorted[i], Math.Log((double)(high - low) / u.Length / width)), Math.Log(prior.Slope(u[i])));
        }

        return new MarginalPoints(points, slopes, 1);
    }
}
