using MathNet.Numerics.Integration;

namespace Amnre.Engine.Truth;

/// <summary>A point of a quadrature rule.</summary>
/// <param name="Value">Where the integrand is taken.</param>
/// <param name="Weight">What its value is multiplied with.</param>
/// <param name="Cell">The histogram cell that the point belongs to.</param>
internal readonly record struct QuadraturePoint(double Value, double Weight, int Cell);

/// <summary>Composite Gauss–Legendre rules whose panels never straddle two histogram cells.</summary>
internal static class Quadrature
{
    private static readonly (double[] Nodes, double[] Weights)[] Rules = [.. Enumerable.Range(0, 25).Select(order =>
    {
        if (order == 0) return ([], []);
        var rule = new GaussLegendreRule(-1, 1, order);
        return ((double[])rule.Abscissas.Clone(), (double[])rule.Weights.Clone());
    })];

    /// <summary>Gauss–Legendre nodes and weights on [−1, 1]; order 1 to 24.</summary>
    public static (double[] Nodes, double[] Weights) Rule(int order) => Rules[order];

    /// <summary>Cuts [<paramref name="low"/>, <paramref name="high"/>] at the edges of the cells of [−bound, bound] and at
    /// <paramref name="breaks"/>, and puts a rule on each panel.</summary>
    /// <param name="low">Lower end.</param>
    /// <param name="high">Upper end.</param>
    /// <param name="bound">Half the width of the histogram.</param>
    /// <param name="bins">Cells of the histogram.</param>
    /// <param name="breaks">Further cuts, in any order, inside or outside.</param>
    /// <param name="order">Points on a panel from its two ends.</param>
    public static QuadraturePoint[] Panels(
        double low, double high, double bound, int bins, IEnumerable<double> breaks, Func<double, double, int> order)
    {
        var width = 2 * bound / bins;
        var cuts = Enumerable.Range(0, bins + 1).Select(i => -bound + i * width)
            .Concat(breaks).Where(cut => cut > low && cut < high).Append(low).Append(high).Order().ToArray();
        var points = new List<QuadraturePoint>();
        for (var i = 1; i < cuts.Length; i++)
        {
            var (left, right) = (cuts[i - 1], cuts[i]);
            if (right - left < 1e-14 * bound) continue;
            var (nodes, weights) = Rule(order(left, right));
            var (middle, half) = ((left + right) / 2, (right - left) / 2);
            var cell = Math.Clamp((int)((middle + bound) / width), 0, bins - 1);
            for (var k = 0; k < nodes.Length; k++)
                points.Add(new QuadraturePoint(middle + half * nodes[k], half * weights[k], cell));
        }

        return [.. points];
    }
}
