using Amnre.Engine.Distributions;
using Amnre.Engine.Masks;

namespace Amnre.Engine.Truth;

/// <summary>The exact ratios p(θ_b, x) / (p(θ_b) p(x)) of SLCP for every subset b of its parameters: what an estimator with nothing left to
/// learn gives.</summary>
/// <remarks>Given scales and shape the means are normal, so a mean that is not in b is integrated over the box in closed form, or with the
/// other by
/// <see cref="NormalRectangle"/>. What else is not in b is integrated by Gauss–Legendre rules: θ₅ on panels of its range, one scale on
/// panels of its logarithm, and the other, given these two, around its own peak, which is narrow where the points are correlated. The floor
/// 1e-8 of the scales is left out.</remarks>
internal sealed class SlcpRatios
{
    private const int Size = 5;
    private const double Bound = SlcpScaleWeights.Bound;

    private static readonly QuadraturePoint[] Shapes = Quadrature.Panels(-Bound, Bound, Bound, 12, [], (_, _) => 4);

    private readonly SlcpData _data, _exchanged;
    private readonly double _reference, _evidence;

    private SlcpRatios(SlcpData data)
    {
        (_data, _exchanged) = (data, data.Exchanged());
        // About the largest value that the integrand takes.
        _reference = SlcpIntegrand.LogLikelihood(data, Math.Sqrt(data.S11 / data.Points), Math.Sqrt(data.S22 / data.Points),
            Math.Atanh(data.S12 / Math.Sqrt(data.S11 * data.S22) * 0.99));
        _evidence = Integral(data, default, [0, 0, 0, 0, 0]);
    }

    /// <param name="x">One observation, four points.</param>
    public static SlcpRatios Of(ReadOnlySpan<float> x) => new(SlcpData.Of(x));

    /// <summary>The logarithm of the ratio of <paramref name="mask"/>; −∞ where it underflows.</summary>
    /// <param name="mask">A subset, not empty.</param>
    /// <param name="theta">(5,); what is not in the mask is not read.</param>
    public double Log(ParameterMask mask, ReadOnlySpan<float> theta)
    {
        double[] at = [theta[0], theta[1], theta[2], theta[3], theta[4]];
        // The scale that is fixed comes first, since the other is integrated around its peak given the first.
        var integral = mask[3] && !mask[2]
            ? Integral(_exchanged,
                new ParameterMask((mask.Bits & 16) | (mask.Bits & 1) << 1 | (mask.Bits & 2) >> 1 | (mask.Bits & 8) >> 1, Size),
                [at[1], at[0], at[3], at[2], at[4]])
            : Integral(_data, mask, at);
        return Math.Log(integral / _evidence) + mask.Count * Math.Log(2 * Bound);
    }

    /// <summary>∫ p(x|θ) dθ over what is not in <paramref name="mask"/>, up to a factor that depends on x alone.</summary>
    private double Integral(SlcpData data, ParameterMask mask, double[] theta)
    {
        var integrand = new SlcpIntegrand(data, mask[0] ? theta[0] : null, mask[1] ? theta[1] : null);
        var shapes = mask[4] ? [new QuadraturePoint(theta[4], 1, 0)] : Shapes;
        var first = mask[2] ? [(Scale(theta[2]), 1.0)] : integrand.FirstScales();
        var sum = 0.0;
        foreach (var (one, weight) in first)
        {
            foreach (var shape in shapes)
            {
                var inner = mask[3]
                    ? Math.Exp(integrand.Log(one, Scale(theta[3]), shape.Value) - _reference)
                    : integrand.OverSecondScale(one, shape.Value, _reference);
                sum += weight * shape.Weight * inner;
            }
        }

        return sum;
    }

    private static double Scale(double theta) => Math.Max(theta * theta, 1e-8);
}
