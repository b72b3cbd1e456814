using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>One half of the parameters says how the other is bent, then that half how the first is: z_b = f(theta_b; g(theta_a, y)),
/// z_a = f(theta_a; h(z_b, y)). One pass in either direction. Dinh, Sohl-Dickstein, Bengio: Density estimation using Real NVP (ICLR
/// 2017); with splines: Durkan, Bekasov, Murray, Papamakarios: Neural spline flows (NeurIPS 2019).</summary>
internal sealed class CouplingStep : Module, IFlowTransform
{
    private readonly IElementMap _map;
    private readonly Sequential? _first;
    private readonly Sequential _last;
    private readonly long _left, _right;

    public CouplingStep(int size, int contextSize, IElementMap map, FlowOptions options, Construction construction)
    {
        (_map, _left, _right) = (map, size / 2, size - size / 2);
        _last = Child("last", Network(_left, _right));
        // One parameter depends on the context alone.
        _first = _left > 0 ? Child("first", Network(_right, _left)) : null;
        if (map is Module weighted) Child("transformer", weighted);

        Sequential Network(long known, long bent) =>
            FeedForward.Build(options.Conditioner, (int)known + contextSize, (int)bent * map.ParametersPerElement, construction);
    }

    public (Tensor Outputs, Tensor LogDeterminant) Forward(Tensor inputs, Tensor context)
    {
        var (first, last) = Halves(inputs);
        (last, var total) = Bend(_last, last, first, context, inverse: false);
        if (_first is null) return (last, total);
        (first, var further) = Bend(_first, first, last, context, inverse: false);
        return (cat([first, last], 1), total.Plus(further));
    }

    public (Tensor Outputs, Tensor LogDeterminant) Inverse(Tensor inputs, Tensor context)
    {
        var (first, last) = Halves(inputs);
        var total = inputs.new_zeros(inputs.shape[0]);
        if (_first is not null) (first, total) = Bend(_first, first, last, context, inverse: true);
        (last, var further) = Bend(_last, last, first, context, inverse: true);
        return (cat([first, last], 1), total.Plus(further));
    }

    private (Tensor First, Tensor Last) Halves(Tensor inputs) => (inputs.narrow(1, 0, _left), inputs.narrow(1, _left, _right));

    private (Tensor Outputs, Tensor LogDeterminant) Bend(Sequential network, Tensor bent, Tensor known, Tensor context, bool inverse)
    {
        var parameters = network.Forward(cat([known, context], 1)).view(bent.shape[0], bent.shape[1], _map.ParametersPerElement);
        var (outputs, logDerivative) = _map.Apply(bent, parameters, inverse);
        return (outputs, logDerivative.sum(-1));
    }
}
