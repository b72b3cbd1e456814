using Amnre.Engine.Elementwise;
using static TorchSharp.torch;

namespace Amnre.Engine.Networks;

/// <summary>An elementwise non-linearity, by PyTorch's name.</summary>
internal sealed class Activation : Layer
{
    public static readonly IReadOnlyList<string> Names = ["ReLU", "PReLU", "ELU", "CELU", "SELU", "GELU"];

    private readonly string _name;
    private readonly ForwardMode _mode;
    private readonly Func<Tensor, Tensor> _function;
    private readonly TensorSlot? _slope;

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="inPlace">The input is no one else's, so that it may be overwritten where the derivative allows that.</param>
    /// <param name="leCun">The one-dimensional parameter of PReLU begins at zero instead of 1/4.</param>
    /// <param name="mode">Which derivatives are wanted.</param>
    public Activation(string name, bool inPlace, bool leCun, ForwardMode mode)
    {
        (_name, _mode) = (name, mode);
        _slope = name == "PReLU" ? Parameter("weight", full(1, Number.Of(leCun ? 0 : 0.25))) : null;
        _function = name switch
        {
            "ReLU" => inPlace ? x => x.relu_() : x => x.relu(),
            "PReLU" => x => x.prelu(_slope!.Value),
            "ELU" => x => Elu(x, inPlace),
            "CELU" => inPlace ? x => x.celu_(Number.Of(1.0)) : x => x.celu(Number.Of(1.0)),
            "SELU" => inPlace ? x => x.selu_() : x => x.selu(),
            "GELU" => x => x.gelu(),
            _ => throw new ArgumentException($"unknown activation '{name}'", nameof(name)),
        };
    }

    public override Tensor Forward(Tensor x) => _function(x);

    /// <summary>The activated output of a layer, whose bias enters in the same pass where that saves one.</summary>
    public Tensor Forward(IAffineLayer layer, Tensor x)
    {
        if (_name != "ELU" || !IsOwn || !SinglePass.Takes(x)) return Forward(layer.Forward(x));
        var product = layer.Product(x);
        if (SinglePass.Takes(product)) return ExponentialUnit.Apply(product, layer.Bias, inPlace: true);
        return Forward(layer.Bias is { } bias ? product.Plus(bias) : product);
    }

    // A slope is each model's own.
    protected override Tensor Stacked(IReadOnlyList<Layer> layers, Tensor x) => _slope is null ? _function(x) : base.Stacked(layers, x);

    /// <summary>Whether ELU may be the one that has no second derivative.</summary>
    private bool IsOwn => _mode.FirstDerivativesOnly || !is_grad_enabled();

    private Tensor Elu(Tensor x, bool inPlace) =>
        IsOwn && SinglePass.Takes(x)
            ? ExponentialUnit.Apply(x, bias: null, inPlace)
            : x.elu(Number.Of(1.0), Number.Of(1.0), Number.Of(1.0));
}
