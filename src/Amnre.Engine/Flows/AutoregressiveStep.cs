using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>z_i = f(theta_i; MADE_i(theta_1..i−1, y)): the Jacobian is triangular, and the inverse takes D passes.
/// Papamakarios, Pavlakou, Murray: Masked autoregressive flow (NeurIPS 2017).</summary>
internal sealed class AutoregressiveStep : Module, IFlowTransform
{
    private readonly Made _network;
    private readonly IElementMap _map;

    public AutoregressiveStep(int size, int contextSize, IElementMap map, FlowOptions options, Construction construction)
    {
        _map = map;
        _network = Child("autoregressive_net", new Made(size, contextSize, map.ParametersPerElement, options, construction));
        if (map is Module weighted) Child("transformer", weighted);
    }

    public (Tensor Outputs, Tensor LogDeterminant) Forward(Tensor inputs, Tensor context)
    {
        var (outputs, logDerivative) = _map.Apply(inputs, Parameters(inputs, context), inverse: false);
        return (outputs, logDerivative.sum(-1));
    }

    public (Tensor Outputs, Tensor LogDeterminant) Inverse(Tensor inputs, Tensor context)
    {
        var size = inputs.shape[1];
        var (columns, logDerivatives) = (new List<Tensor>(), new List<Tensor>());
        // The numbers of element i depend on those before it alone.
        for (var i = 0L; i < size; i++)
        {
            var known = cat([.. columns, inputs.new_zeros(inputs.shape[0], size - i)], 1);
            var (output, logDerivative) = _map.Apply(inputs.narrow(1, i, 1), Parameters(known, context).narrow(1, i, 1), inverse: true);
            columns.Add(output);
            logDerivatives.Add(logDerivative);
        }

        return (cat(columns, 1), cat(logDerivatives, 1).sum(-1));
    }

    private Tensor Parameters(Tensor inputs, Tensor context) =>
        _network.Forward(inputs, context).view(inputs.shape[0], inputs.shape[1], _map.ParametersPerElement);
}
