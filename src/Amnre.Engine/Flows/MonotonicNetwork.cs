using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>z = h_0 + ∫_0^theta f(t; h) dt, element by element, with a positive network f: increasing whatever the weights.
/// Wehenkel and Louppe, Unconstrained monotonic neural networks (NeurIPS 2019).</summary>
/// <remarks>Gradients are those of the quadrature; the inverse has the gradients of the implicit function.</remarks>
internal sealed class MonotonicNetwork : Module, IElementMap
{
    private const int Doublings = 20, Bisections = 8, NewtonSteps = 24;

    private readonly Sequential _network;
    private readonly ClenshawCurtis _rule;

    /// <param name="layers">Widths of the hidden layers of f.</param>
    /// <param name="conditionSize">Length of h.</param>
    /// <param name="steps">Intervals of the quadrature.</param>
    /// <param name="construction">Draws the initial weights.</param>
    public MonotonicNetwork(IReadOnlyList<int> layers, int conditionSize, int steps, Construction construction)
    {
        ParametersPerElement = conditionSize;
        _rule = new ClenshawCurtis(steps);
        var built = new List<Layer>();
        var width = 1 + conditionSize;
        foreach (var size in layers)
        {
            built.Add(new Linear(width, size, bias: true, leCun: false, construction.Weights));
            built.Add(new Activation("ReLU", inPlace: true, leCun: false, construction.Mode));
            width = size;
        }

        built.Add(new Linear(width, 1, bias: true, leCun: false, construction.Weights));
        _network = Child("integrand_net.net", new Sequential(built));
    }

    public int ParametersPerElement { get; }

    public (Tensor Outputs, Tensor LogDerivative) Apply(Tensor inputs, Tensor parameters, bool inverse)
    {
        if (!inverse) return (Integral(inputs, parameters), LogIntegrand(inputs, parameters));

        var root = Root(inputs, parameters);
        // A last Newton step at the root, which carries the gradients.
        var outputs = root - (Integral(root, parameters) - inputs) / LogIntegrand(root, parameters).exp().detach();
        return (outputs, -LogIntegrand(outputs, parameters));
    }

    /// <param name="x">(N, D).</param>
    /// <param name="h">(N, D, H).</param>
    /// <returns>z, (N, D).</returns>
    private Tensor Integral(Tensor x, Tensor h)
    {
        var points = tensor(_rule.Points, x.dtype, x.device);
        var weights = tensor(_rule.Weights, x.dtype, x.device);
        var half = x / Number.Of(2);
        var places = half.unsqueeze(-1) * points.Plus(Number.Of(1));
        var values = Positive(places, h.unsqueeze(2).expand(-1, -1, points.shape[0], -1));
        return (half * values.matmul(weights)).Plus(h.select(-1, 0));
    }

    /// <summary>log f, which is exact where f itself would round to zero.</summary>
    private Tensor LogIntegrand(Tensor x, Tensor h)
    {
        var raw = Raw(x, h);
        return raw.clamp_min(Number.Of(0)).log1p().Plus(raw.clamp_max(Number.Of(0)));
    }

    /// <summary>f = ELU + 1.</summary>
    private Tensor Positive(Tensor x, Tensor h)
    {
        var raw = Raw(x, h);
        return raw.clamp_min(Number.Of(0)).Plus(raw.clamp_max(Number.Of(0)).exp());
    }

    private Tensor Raw(Tensor x, Tensor h) => _network.Forward(cat([x.unsqueeze(-1), h], -1)).squeeze(-1);

    /// <summary>theta with z(theta) = <paramref name="z"/>, to the last bits but a few: a bracket found by doubling, halved a few
    /// times, then Newton steps that never leave it.</summary>
    private Tensor Root(Tensor z, Tensor h)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var (low, high) = Bracket(z, h);
        var x = low.Plus(high) / Number.Of(2);
        var tolerance = 4 * (z.dtype == ScalarType.Float64 ? double.BitIncrement(1) - 1 : float.BitIncrement(1) - 1);
        for (var i = 0; i < Bisections + NewtonSteps; i++)
        {
            using var step = NewDisposeScope();
            var above = Integral(x, h) - z;
            (low, high) = (where(above > Number.Of(0), low, x), where(above > Number.Of(0), x, high));
            var middle = low.Plus(high) / Number.Of(2);
            var newton = x - above / LogIntegrand(x, h).exp();
            var next = i < Bisections ? middle : where((newton >= low) & (newton <= high), newton, middle);
            var done = i >= Bisections
                && Number.Read<bool>(((next - x).abs() <= Number.Of(tolerance) * x.abs().clamp_min(Number.Of(1))).all());
            (x, low, high) = (next.MoveToOuterDisposeScope(), low.MoveToOuterDisposeScope(), high.MoveToOuterDisposeScope());
            if (done) break;
        }

        return x.MoveToOuterDisposeScope();
    }

    private (Tensor Low, Tensor High) Bracket(Tensor z, Tensor h)
    {
        var (low, high) = (full_like(z, Number.Of(-1)), full_like(z, Number.Of(1)));
        for (var i = 0; i < Doublings; i++)
        {
            var (short1, short2) = (Integral(low, h) > z, Integral(high, h) < z);
            if (!Number.Read<bool>((short1 | short2).any())) break;
            (low, high) = (where(short1, low * Number.Of(2), low), where(short2, high * Number.Of(2), high));
        }

        return (low, high);
    }
}
