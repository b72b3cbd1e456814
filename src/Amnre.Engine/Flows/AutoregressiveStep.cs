using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>One element-wise map of a masked autoregressive step: how D groups of numbers bend D values.</summary>
internal interface IElementMap
{
    int ParametersPerElement { get; }

    /// <param name="inputs">(N, D).</param>
    /// <param name="parameters">(N, D, <see cref="ParametersPerElement"/>).</param>
    /// <param name="inverse">Maps back.</param>
    /// <returns>(N, D) each: the image and the log of the derivative of the map asked for.</returns>
    (Tensor Outputs, Tensor LogDerivative) Apply(Tensor inputs, Tensor parameters, bool inverse);
}

/// <summary>z = scale · theta + shift with scale = softplus(u) + 1e-3.</summary>
internal sealed class AffineMap : IElementMap
{
    private const double LeastScale = 1e-3;

    public int ParametersPerElement => 2;

    public (Tensor Outputs, Tensor LogDerivative) Apply(Tensor inputs, Tensor parameters, bool inverse)
    {
        var scale = nn.functional.softplus(parameters.select(-1, 0)) + LeastScale;
        var shift = parameters.select(-1, 1);
        return inverse ? ((inputs - shift) / scale, -scale.log()) : (scale * inputs + shift, scale.log());
    }
}

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
    }

    public (Tensor Outputs, Tensor LogDeterminant) Forward(Tensor inputs, Tensor context)
    {
        var (outputs, logDerivative) = _map.Apply(inputs, Parameters(inputs, context), inverse: false);
        return (outputs, logDerivative.sum(-1));
    }

    public (Tensor Outputs, Tensor LogDeterminant) Inverse(Tensor inputs, Tensor context)
    {
        var (outputs, logDerivative) = (zeros_like(inputs), zeros_like(inputs));
        // Pass i makes element i right, because its numbers depend on those before it alone.
        for (var pass = 0; pass < inputs.shape[1]; pass++)
            (outputs, logDerivative) = _map.Apply(inputs, Parameters(outputs, context), inverse: true);
        return (outputs, logDerivative.sum(-1));
    }

    private Tensor Parameters(Tensor inputs, Tensor context) =>
        _network.Forward(inputs, context).view(inputs.shape[0], inputs.shape[1], _map.ParametersPerElement);
}
