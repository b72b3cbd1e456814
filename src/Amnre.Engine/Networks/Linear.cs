using static TorchSharp.torch;

namespace Amnre.Engine.Networks;

/// <summary>x Wᵀ + b, W of shape (output, input).</summary>
/// <remarks>Initial weights: U(±1/√input), PyTorch's default (He et al. 2015 with a = √5); LeCun: N(0, 1/input) and b = 0.</remarks>
internal sealed class Linear : Layer, IAffineLayer
{
    private readonly TensorSlot _weight;
    private readonly TensorSlot? _bias;

    public Linear(int input, int output, bool bias, bool leCun, InitialWeights weights)
    {
        var bound = 1 / Math.Sqrt(input);
        _weight = Parameter("weight", leCun ? weights.Normal(bound, output, input) : weights.Uniform(bound, output, input));
        if (bias) _bias = Parameter("bias", leCun ? zeros(output) : weights.Uniform(bound, output));
    }

    public Tensor? Bias => _bias?.Value;

    public Tensor Product(Tensor x) => nn.functional.linear(x, _weight.Value);

    public override Tensor Forward(Tensor x) => nn.functional.linear(x, _weight.Value, _bias?.Value);

    protected override Tensor Stacked(IReadOnlyList<Layer> layers, Tensor x)
    {
        var all = layers.Cast<Linear>().ToList();
        var input = x.shape[2];
        var product = x.bmm(TensorSlot.Stack([.. all.Select(layer => layer._weight)], weight => Padded(weight, input)).transpose(1, 2));
        return _bias is null ? product : product.Increase(TensorSlot.Stack([.. all.Select(layer => layer._bias!)]).unsqueeze(1));
    }

    private static Tensor Padded(Tensor weight, long input) =>
        weight.shape[^1] == input ? weight : nn.functional.pad(weight, [0, input - weight.shape[^1]]);
}
