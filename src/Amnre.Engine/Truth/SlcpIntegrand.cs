using Amnre.Engine.Distributions;

namespace Amnre.Engine.Truth;

/// <summary>The likelihood of SLCP as a function of its scales s₁ = θ₃², s₂ = θ₄² and of θ₅, each mean either fixed or integrated over the
/// box.</summary>
/// <param name="data">The observation.</param>
/// <param name="mean1">θ₁; integrated over where there is none.</param>
/// <param name="mean2">θ₂; likewise.</param>
internal sealed class SlcpIntegrand(SlcpData data, double? mean1, double? mean2)
{
    private const double Bound = SlcpScaleWeights.Bound;

    /// <summary>Largest scale, θ₃² at its bound.</summary>
    private const double Largest = Bound * Bound;

    /// <summary>Ends of panels around the peak over log s₂, in units of its width: steep to the left, an exponential tail to the
    /// right.</summary>
    private static readonly (double From, double To)[] Around = [(-5.5, -2), (-2, 0), (0, 2), (2, 6), (6, 16)];

    /// <summary>Panels below the largest scale where the peak lies beyond it, in units of the length over which the integrand
    /// falls.</summary>
    private static readonly (double From, double To)[] Below = [(-16, -6), (-6, -2), (-2, 0)];

    private static readonly (double[] Nodes, double[] Weights) Inner = Quadrature.Rule(5), Outer = Quadrature.Rule(6);

    private readonly (double First, double Second) _off = (data.Mean1 - (mean1 ?? data.Mean1), data.Mean2 - (mean2 ?? data.Mean2));
    private readonly double _rootPoints = Math.Sqrt(data.Points);

    /// <summary>log |Σ|^{−3/2} − ½ tr Σ⁻¹S: the likelihood with both means integrated over the whole plane, up to a constant.</summary>
    public static double LogLikelihood(SlcpData data, double first, double second, double shape)
    {
        var (sinh, cosh) = (Math.Sinh(shape), Math.Cosh(shape));
        var (u, v) = (1 / first, 1 / second);
        return 3 * Math.Log(u * v * cosh) - 0.5 * cosh * (cosh * (data.S11 * u * u + data.S22 * v * v) - 2 * sinh * data.S12 * u * v);
    }

    /// <summary>The logarithm of the integrand at scales <paramref name="first"/> and <paramref name="second"/> and at θ₅ =
    /// <paramref name="shape"/>.</summary>
    public double Log(double first, double second, double shape) =>
        LogLikelihood(data, first, second, shape) + LogMeans(first, second, shape);

    /// <summary>∫ exp(Log − reference) dθ₄ over both signs of θ₄.</summary>
    public double OverSecondScale(double first, double shape, double reference)
    {
        // In v = 1/s₂ the integrand, with the measure dθ₄ = ½ √s₂ d log s₂, is v^p exp(−½av² + bv) but for the means' chances.
        var (sinh, cosh) = (Math.Sinh(shape), Math.Cosh(shape));
        var fixes = mean2 is not null;
        var a = cosh * cosh * data.S22 + (fixes ? data.Points * (mean1 is null ? 1 : cosh * cosh) * _off.Second * _off.Second : 0);
        var b = cosh * sinh / first * (data.S12 + (fixes && mean1 is not null ? data.Points * _off.First * _off.Second : 0));
        var p = fixes ? 3.5 : 2.5;
        var peak = (b + Math.Sqrt(b * b + 4 * a * p)) / (2 * a);
        var width = 1 / Math.Sqrt(a * peak * peak + p);
        var (centre, end) = (-Math.Log(peak), Math.Log(Largest));
        var panels = Around;
        if (end < centre - 2 * width)
        {
            const double Lowest = 1 / Largest;
            (panels, centre, width) = (Below, end, 1 / (a * Lowest * Lowest - b * Lowest - p));
        }

        var sum = 0.0;
        foreach (var (from, to) in panels)
        {
            var (left, right) = (centre + from * width, Math.Min(centre + to * width, end));
            if (left >= right) break;
            for (var i = 0; i < Inner.Nodes.Length; i++)
            {
                var (second, weight) = Point(left, right, Inner, i);
                sum += weight * Math.Exp(Log(first, second, shape) - reference);
            }
        }

        return sum;
    }

    /// <summary>Points over s₁ and their weights, for ∫ dθ₃ over both signs of θ₃.</summary>
    public (double Scale, double Weight)[] FirstScales()
    {
        // Below the first the integrand is under e⁻⁴⁰ of its peak, beyond the last under e⁻¹⁷.
        const double Panel = 0.5, Beyond = 7;
        var end = Math.Log(Largest);
        var scatter = data.S11 + data.Points * _off.First * _off.First;
        var from = Math.Min(0.5 * Math.Log(scatter / 80), end - 2);
        var to = Math.Min(0.5 * Math.Log(scatter) + Beyond, end);
        var panels = (int)Math.Ceiling((to - from) / Panel);
        var points = new List<(double, double)>();
        for (var i = 0; i < panels; i++)
            for (var k = 0; k < Outer.Nodes.Length; k++)
                points.Add(Point(from + (to - from) * i / panels, from + (to - from) * (i + 1) / panels, Outer, k));
        return [.. points];
    }

    /// <summary>Point <paramref name="i"/> of a rule over log s, and its weight for dθ over both signs, √s d log s.</summary>
    private static (double Scale, double Weight) Point(double left, double right, (double[] Nodes, double[] Weights) rule, int i)
    {
        var half = (right - left) / 2;
        var scale = Math.Exp(left + half * (1 + rule.Nodes[i]));
        return (scale, half * rule.Weights[i] * Math.Sqrt(scale));
    }

    /// <summary>The density of the means that are fixed, times the chance that the others lie in the box.</summary>
    private double LogMeans(double first, double second, double shape)
    {
        var (sigma1, sigma2) = (first / _rootPoints, second / _rootPoints);
        var (t1, t2) = (-_off.First / sigma1, -_off.Second / sigma2);
        return (mean1, mean2) switch
        {
            (null, null) => Math.Log(NormalRectangle.Chance(
                (-Bound - data.Mean1) / sigma1, (Bound - data.Mean1) / sigma1, (-Bound - data.Mean2) / sigma2,
                (Bound - data.Mean2) / sigma2, Math.Tanh(shape))),
            (null, _) => LogNormal(t2, sigma2) + Math.Log(Given(t2, (-Bound - data.Mean1) / sigma1, (Bound - data.Mean1) / sigma1, shape)),
            (_, null) => LogNormal(t1, sigma1) + Math.Log(Given(t1, (-Bound - data.Mean2) / sigma2, (Bound - data.Mean2) / sigma2, shape)),
            // Given the first, the second is normal with mean ρt and deviation 1/cosh θ₅.
            _ => LogNormal(t1, sigma1) + LogNormal(t2 * Math.Cosh(shape) - t1 * Math.Sinh(shape), sigma2 / Math.Cosh(shape)),
        };
    }

    /// <summary>The chance that a mean lies between the bounds, given that the other is <paramref name="t"/> deviations from its own
    /// centre.</summary>
    private static double Given(double t, double low, double high, double shape)
    {
        var (sinh, cosh) = (Math.Sinh(shape), Math.Cosh(shape));
        return NormalTail.Between(low * cosh - t * sinh, high * cosh - t * sinh);
    }

    private static double LogNormal(double t, double sigma) => -0.5 * t * t - Math.Log(sigma) - 0.5 * Math.Log(2 * Math.PI);
}
