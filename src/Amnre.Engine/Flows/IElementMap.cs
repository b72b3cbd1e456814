using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>One element-wise map of a masked autoregressive step: how D groups of numbers bend D values. A map with weights of
/// its own is a <see cref="Networks.Module"/> too.</summary>
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
    private const double MinScale = 1e-3;

    public int ParametersPerElement => 2;

    public (Tensor Outputs, Tensor LogDerivative) Apply(Tensor inputs, Tensor parameters, bool inverse)
    {
        var scale = Softplus.Of(parameters.select(-1, 0)).Plus(Number.Of(MinScale));
        var shift = parameters.select(-1, 1);
        return inverse ? ((inputs - shift) / scale, -scale.log()) : ((scale * inputs).Plus(shift), scale.log());
    }
}
