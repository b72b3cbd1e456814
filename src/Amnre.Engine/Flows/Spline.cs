using Amnre.Engine.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>Monotonic rational-quadratic spline on [−bound, bound] with K bins and the identity outside, element by element.
/// Durkan, Bekasov, Murray, Papamakarios: Neural spline flows (NeurIPS 2019).</summary>
internal sealed record Spline(int Bins, double Bound) : IElementMap
{
    /// <summary>Beyond it bins of the least width would not fit into the interval.</summary>
    public const int MaxBins = 1000;

    private const double MinWidth = 1e-3, MinHeight = 1e-3, MinSlope = 1e-3;

    private static readonly Scalar Two = Number.Of(2);

    /// <summary>Numbers that describe one spline: K widths, K heights, K − 1 inner slopes; the outer slopes are 1.</summary>
    public int ParametersPerElement => 3 * Bins - 1;

    /// <param name="inputs">(N, D).</param>
    /// <param name="parameters">(N, D, 3K − 1), unconstrained.</param>
    /// <param name="inverse">Maps back.</param>
    /// <returns>(N, D) each: the image and the log of the derivative of the map asked for.</returns>
    public (Tensor Outputs, Tensor LogDerivative) Apply(Tensor inputs, Tensor parameters, bool inverse)
    {
        var inside = (inputs >= Number.Of(-Bound)) & (inputs <= Number.Of(Bound));
        var clamped = inputs.clamp(Number.Of(-Bound), Number.Of(Bound));
        var x = Knots(parameters.narrow(-1, 0, Bins), MinWidth);
        var y = Knots(parameters.narrow(-1, Bins, Bins), MinHeight);
        var slopes = Slopes(parameters.narrow(-1, 2 * Bins, Bins - 1));

        // The last knot is moved outwards so that the bound itself falls into the last bin.
        var places = inverse ? y : x;
        var bin = (clamped.unsqueeze(-1) >= places.narrow(-1, 0, Bins)).sum(-1, keepdim: true) - Number.Of(1);
        Tensor At(Tensor knots, int offset) => knots.gather(-1, bin.Plus(Number.Of(offset))).squeeze(-1);

        Tensor x0 = At(x, 0), width = At(x, 1) - x0, y0 = At(y, 0), height = At(y, 1) - y0;
        Tensor slope = height / width, d0 = At(slopes, 0), d1 = At(slopes, 1);
        var (outputs, logDerivative) = inverse
            ? Backward(clamped, x0, width, y0, height, slope, d0, d1)
            : Forward(clamped, x0, width, y0, height, slope, d0, d1);
        return (where(inside, outputs, inputs), where(inside, logDerivative, zeros_like(inputs)));
    }

    /// <summary>Equations 4 and 5 of the paper.</summary>
    private static (Tensor, Tensor) Forward(
        Tensor inputs, Tensor x0, Tensor width, Tensor y0, Tensor height, Tensor slope, Tensor d0, Tensor d1)
    {
        var t = (inputs - x0) / width;
        var mixed = t * t.Complement();
        var denominator = slope.Plus((d0.Plus(d1) - Two * slope) * mixed);
        return (y0.Plus(height * (slope * t.Squared()).Plus(d0 * mixed) / denominator), LogSlope(t, mixed, slope, d0, d1, denominator));
    }

    /// <summary>Equations 6 to 8 of the paper: the root of a quadratic in t.</summary>
    private static (Tensor, Tensor) Backward(
        Tensor inputs, Tensor x0, Tensor width, Tensor y0, Tensor height, Tensor slope, Tensor d0, Tensor d1)
    {
        var above = inputs - y0;
        var bend = d0.Plus(d1) - Two * slope;
        var a = (above * bend).Plus(height * (slope - d0));
        var b = height * d0 - above * bend;
        var c = -slope * above;
        var t = Two * c / (-b - (b.Squared() - Number.Of(4) * a * c).clamp_min(Number.Of(0)).sqrt());
        var mixed = t * t.Complement();
        return ((t * width).Plus(x0), -LogSlope(t, mixed, slope, d0, d1, slope.Plus(bend * mixed)));
    }

    private static Tensor LogSlope(Tensor t, Tensor mixed, Tensor slope, Tensor d0, Tensor d1, Tensor denominator) =>
        (slope.Squared() * (d1 * t.Squared()).Plus(Two * slope * mixed).Plus(d0 * t.Complement().Squared())).log() - Two
        * denominator.log();

    /// <summary>K + 1 increasing positions from −bound to bound.</summary>
    private Tensor Knots(Tensor unconstrained, double least)
    {
        var sizes = (Number.Of(1 - least * Bins) * unconstrained.softmax(-1)).Plus(Number.Of(least));
        var inner = Number.Of(2 * Bound) * sizes.cumsum(-1).narrow(-1, 0, Bins - 1) - Number.Of(Bound);
        var ends = ones_like(inner.narrow(-1, 0, 1)) * Number.Of(Bound);
        return cat([-ends, inner, ends], -1);
    }

    private static Tensor Slopes(Tensor unconstrained)
    {
        var inner = Softplus.Of(unconstrained).Plus(Number.Of(MinSlope));
        var ends = ones_like(inner.narrow(-1, 0, 1));
        return cat([ends, inner, ends], -1);
    }
}
