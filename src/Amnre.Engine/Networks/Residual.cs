using static TorchSharp.torch;

namespace Amnre.Engine.Networks;

/// <summary>x + f(x).</summary>
internal sealed class Residual(IEnumerable<Layer> layers) : Sequential(layers)
{
    public override Tensor Forward(Tensor x) => base.Forward(x).Increase(x);

    protected override Tensor Stacked(IReadOnlyList<Layer> layers, Tensor x) => base.Stacked(layers, x).Increase(x);
}
