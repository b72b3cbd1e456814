namespace Amnre.Engine.Truth;

/// <summary>The posterior of SLCP over (θ₃, θ₄, θ₅) on a product of quadrature points, with (θ₁, θ₂) integrated over the
/// whole plane: |Σ|^{−3/2} exp(−½ tr Σ⁻¹S). Only θ₃, θ₄ ≥ 0 are kept, since all is even in them.</summary>
internal sealed class SlcpScaleWeights
{
    public const double Bound = 3;

    /// <summary>Points that weigh less than this part of the heaviest are left out.</summary>
    private const double Negligible = 1e-9;

    private readonly float[] _weights;

    public SlcpScaleWeights(SlcpData data, int bins)
    {
        First = ScalePoints(data.S11, data.Spread, bins);
        Second = ScalePoints(data.S22, data.Spread, bins);
        Shape = ShapePoints(bins);
        _weights = new float[First.Length * Second.Length * Shape.Length];
        Fill(data);
    }

    /// <summary>Points of θ₃ ≥ 0.</summary>
    public QuadraturePoint[] First { get; }

    /// <summary>Points of θ₄ ≥ 0.</summary>
    public QuadraturePoint[] Second { get; }

    /// <summary>Points of θ₅.</summary>
    public QuadraturePoint[] Shape { get; }

    /// <summary>Weights over <see cref="Shape"/>, the largest of all near 1.</summary>
    public ReadOnlySpan<float> Row(int first, int second) =>
        _weights.AsSpan((first * Second.Length + second) * Shape.Length, Shape.Length);

    /// <summary>Standard deviation of a point's coordinate, s = θ² + 1e-8.</summary>
    public static double Scale(QuadraturePoint point) => point.Value * point.Value + 1e-8;

    private void Fill(SlcpData data)
    {
        var logs = new double[_weights.Length];
        var most = double.NegativeInfinity;
        var shape = Array.ConvertAll(Shape, point =>
            (Cosh: Math.Cosh(point.Value), Sinh: Math.Sinh(point.Value), Log: Math.Log(point.Weight)));
        for (int i = 0, index = 0; i < First.Length; i++)
        {
            for (var j = 0; j < Second.Length; j++)
            {
                var (s1, s2) = (Scale(First[i]), Scale(Second[j]));
                var (a, b, d) = (data.S11 / (s1 * s1), data.S12 / (s1 * s2), data.S22 / (s2 * s2));
                var log = Math.Log(First[i].Weight * Second[j].Weight) - (data.Points - 1) * Math.Log(s1 * s2);
                for (var k = 0; k < shape.Length; k++, index++)
                {
                    var (cosh, sinh, logWeight) = shape[k];
                    logs[index] = log + logWeight + (data.Points - 1) * Math.Log(cosh)
                        - 0.5 * cosh * (cosh * (a + d) - 2 * sinh * b);
                    most = Math.Max(most, logs[index]);
                }
            }
        }

        for (var i = 0; i < logs.Length; i++)
        {
            var weight = Math.Exp(logs[i] - most);
            _weights[i] = weight < Negligible ? 0 : (float)weight;
        }
    }

    /// <summary>The posterior of ln s is about ½ wide around √(S/6), narrower by √(1−r²) across the ridge of correlated points;
    /// below half its centre there is nothing, above it falls as a power.</summary>
    private static QuadraturePoint[] ScalePoints(double scatter, double spread, int bins)
    {
        var centre = Math.Min(Math.Sqrt(Math.Sqrt(scatter / 6)), Bound);
        var step = Math.Clamp(0.6 * Math.Sqrt(spread), 0.06, 0.25);
        var breaks = new List<double>();
        for (var value = 0.5 * centre; value < Bound; value *= 1 + (value < 2.2 * centre ? step : 0.25)) breaks.Add(value);
        var start = breaks.Count > 0 ? breaks[0] : 0;
        var points = Quadrature.Panels(
            start, Bound, Bound, bins, breaks, (left, right) => right - left <= 0.5 * step * left ? 1 : 2);

        // Only points closer together than the floor of s have anything below the start.
        return scatter > 1e-12 ? points : [.. Quadrature.Panels(0, start, Bound, bins, [], (_, _) => 4), .. points];
    }

    private static QuadraturePoint[] ShapePoints(int bins)
    {
        const double Step = 0.12;
        var breaks = Enumerable.Range(1, (int)(2 * Bound / Step)).Select(i => -Bound + i * Step);
        return Quadrature.Panels(-Bound, Bound, Bound, bins, 2 * Bound / bins > Step ? breaks : [],
            (left, right) => right - left <= 0.065 ? 1 : 2);
    }
}
