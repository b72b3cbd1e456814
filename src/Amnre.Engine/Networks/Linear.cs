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

    /// <summary>W, (output, input).</summary>
    public Tensor Weight => _weight.Value;

    public Tensor Product(Tensor x) => nn.functional.linear(x, _weight.Value);

    public override Tensor Forward(Tensor x) => nn.functional.linear(x, _weight.Value, _bias?.Value);

    /// <summary>Wᵀ of K models, (K, input, output).</summary>
    /// <param name="layers">This layer of each model.</param>
    /// <param name="each">Applied to the columns of each W, so that all have as many.</param>
    public static Tensor Weights(IReadOnlyList<Linear> layers, Func<Tensor, Tensor> each) =>
        TensorSlot.Stack([.. layers.Select(layer => layer._weight)], each).transpose(1, 2);

    /// <summary>b of K models that have it, (K, 1, output).</summary>
    public static Tensor Biases(IReadOnlyList<Linear> layers) =>
        TensorSlot.Stack([.. layers.Select(layer => layer._bias!)]).unsqueeze(1);

    /// <summary>W with columns of zeros after its own.</summary>
    public static Tensor Padded(Tensor weight, long input) =>
        weight.shape[^1] == input ? weight : nn.functional.pad(weight, [0, input - weight.shape[^1]]);

    protected override Tensor Stacked(IReadOnlyList<Layer> layers, Tensor x)
    {
        var all = layers.Cast<Linear>().ToList();
        var input = x.shape[2];
        var product = x.bmm(Weights(all, weight => Padded(weight, input)));
        return _bias is null ? product : product.Increase(Biases(all));
    }
}
