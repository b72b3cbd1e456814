namespace Amnre.Engine.Truth;

/// <summary>Marginal of both means (θ₁, θ₂) of SLCP: at a point m of the plane the scales and the shape are integrated out.</summary>
/// <remarks>With S(m) = S + n(x̄−m)(x̄−m)ᵀ, s₁ = r e^q, s₂ = r e^−q and Q = cosh²θ₅ (S₁₁ e^−2q − 2ρ S₁₂ + S₂₂ e^2q), the density is
/// ∫∫∫ coshⁿθ₅ r^−2n exp(−Q/2r²) dr dq dθ₅ over r &lt; 9 e^−|q|. The integral over r is an incomplete gamma function; over q
/// the substitution q − q₀ = ½η sinh u fits the integrand's width; θ₅ is a composite Gauss–Legendre rule. The floor 1e-8 of s is
/// left out: it matters only within a hundredth of a cell.</remarks>
internal sealed class SlcpMeanPlane
{
    private const double Bound = SlcpScaleWeights.Bound;

    /// <summary>Largest scale, θ₃² at its bound.</summary>
    private const double LargestScale = Bound * Bound;

    private static readonly (double Rho, double CoshSquared, double Weight)[] Shape =
        [.. Quadrature.Panels(-Bound, Bound, Bound, 6, [], (_, _) => 5).Select(point =>
        {
            var cosh = Math.Cosh(point.Value);
            return (Math.Tanh(point.Value), cosh * cosh, point.Weight * Math.Pow(cosh, 4));
        })];

    private readonly SlcpData _data;

    private SlcpMeanPlane(SlcpData data) => _data = data;

    /// <summary>Masses over the cells of (θ₁, θ₂), not normalised.</summary>
    public static double[] Masses(SlcpData data, int bins)
    {
        var plane = new SlcpMeanPlane(data);
        var first = MeanPoints(data.Mean1, data.S11, data.Spread, bins);
        var second = MeanPoints(data.Mean2, data.S22, data.Spread, bins);
        var masses = new double[bins * bins];
        foreach (var one in first)
            foreach (var two in second)
                masses[one.Cell * bins + two.Cell] += one.Weight * two.Weight * plane.Density(one.Value, two.Value);
        return masses;
    }

    private double Density(double mean1, double mean2)
    {
        var (d1, d2) = (_data.Mean1 - mean1, _data.Mean2 - mean2);
        var s11 = _data.S11 + _data.Points * d1 * d1;
        var s22 = _data.S22 + _data.Points * d2 * d2;
        var root = Math.Sqrt(s11 * s22);
        var correlation = (_data.S12 + _data.Points * d1 * d2) / root;
        var fourQ = Math.Log(s11 / s22);
        var sum = 0.0;
        foreach (var (rho, coshSquared, weight) in Shape)
            sum += weight * OverRatio(rho * correlation, 2 * coshSquared * root, fourQ);
        return sum;
    }

    /// <summary>∫ Q^−7/2 Γ(7/2, Q e^{2|q|}/162) dq, Q = factor·(cosh z − kappa), z = 2(q − q₀).</summary>
    private static double OverRatio(double kappa, double factor, double fourCentre)
    {
        // Beyond |z| with cosh z − κ = 100 (1−κ) the integrand has fallen to 1e-7.
        var eta = Math.Sqrt(2 * (1 - kappa));
        var end = Math.Asinh(Math.Acosh(kappa + 100 * (1 - kappa)) / eta);

        // The bound on r has a kink at q = 0.
        var kink = Math.Asinh(-0.5 * fourCentre / eta);
        if (kink <= -end || kink >= end) return Panel(-end, end, kappa, factor, fourCentre, eta);
        return Panel(-end, kink, kappa, factor, fourCentre, eta) + Panel(kink, end, kappa, factor, fourCentre, eta);
    }

    private static double Panel(double from, double to, double kappa, double factor, double fourCentre, double eta)
    {
        var (nodes, weights) = Quadrature.Rule(Math.Clamp((int)((to - from) * 2.5) + 4, 4, 18));
        var (middle, half) = ((from + to) / 2, (to - from) / 2);
        var sum = 0.0;
        for (var i = 0; i < nodes.Length; i++)
        {
            var e = Math.Exp(middle + half * nodes[i]);
            var z = eta * 0.5 * (e - 1 / e);
            var exponential = Math.Exp(z);
            var twoQ = z + 0.5 * fourCentre;
            var q = factor * (0.5 * (exponential + 1 / exponential) - kappa);
            var y = q * Math.Exp(Math.Abs(twoQ)) / (2 * LargestScale * LargestScale);
            sum += weights[i] * (e + 1 / e) * IncompleteGamma.At(y) / (q * q * q * Math.Sqrt(q));
        }

        return sum * half * eta;
    }

    /// <summary>Points close enough for the ridge of correlated points near the centre, spreading outwards.</summary>
    private static QuadraturePoint[] MeanPoints(double mean, double scatter, double spread, int bins)
    {
        var core = Math.Sqrt(scatter / 3);
        var narrow = Math.Sqrt(scatter * spread / 3);
        double Step(double distance) => Math.Max(narrow, distance * (distance < 6 * core ? 0.25 : 0.5));
        var breaks = new List<double> { mean };
        for (var distance = narrow; distance < Bound + Math.Abs(mean); distance += Step(distance))
        {
            breaks.Add(mean + distance);
            breaks.Add(mean - distance);
        }

        return Quadrature.Panels(-Bound, Bound, Bound, bins, breaks, (left, right) =>
            right - left <= 0.5 * Step(Math.Abs((left + right) / 2 - mean)) ? 1 : 2);
    }
}
