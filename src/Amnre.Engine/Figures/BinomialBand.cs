using MathNet.Numerics.Distributions;

namespace Amnre.Engine.Figures;

/// <summary>Where 95 % of counts lie that are of a known chance: what a calibrated estimate shows beside it is no chance.</summary>
internal static class BinomialBand
{
    private const double Tail = 0.025;

    /// <summary>Fractions k/n between which a count of <paramref name="n"/> trials lies, each tail being at most 2.5 %.</summary>
    /// <param name="n">At least 1.</param>
    /// <param name="p">In [0, 1].</param>
    public static (double Low, double High) Of(int n, double p)
    {
        var law = new Binomial(Math.Clamp(p, 0, 1), n);
        return ((double)Least(k => law.CumulativeDistribution(k) > Tail, n) / n,
            (double)Least(k => law.CumulativeDistribution(k) >= 1 - Tail, n) / n);
    }

    /// <summary>The smallest count of which <paramref name="holds"/>, which holds of all above it.</summary>
    private static int Least(Func<int, bool> holds, int n)
    {
        var (low, high) = (0, n);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (holds(middle)) high = middle;
            else low = middle + 1;
        }

        return low;
    }
}
