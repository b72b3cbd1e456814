using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>A linear layer whose output k sees only inputs of admitted degree. Germain, Gregor, Murray, Larochelle: MADE (ICML
/// 2015).</summary>
internal sealed class MaskedLinear : Layer, IAffineLayer
{
    private readonly TensorSlot _weight, _bias, _mask;

    /// <param name="inputDegrees">Degree of each input.</param>
    /// <param name="outputDegrees">Degree of each output.</param>
    /// <param name="strict">Outputs see inputs of strictly smaller degree; else smaller or equal.</param>
    /// <param name="weights">Draws the initial weights, uniform within ±1/√(number of inputs).</param>
    /// <param name="bound">Half-width of the initial weights instead.</param>
    public MaskedLinear(long[] inputDegrees, long[] outputDegrees, bool strict, InitialWeights weights, double? bound = null)
    {
        var mask = new float[outputDegrees.Length, inputDegrees.Length];
        for (var o = 0; o < outputDegrees.Length; o++)
            for (var i = 0; i < inputDegrees.Length; i++)
                mask[o, i] = (strict ? outputDegrees[o] > inputDegrees[i] : outputDegrees[o] >= inputDegrees[i]) ? 1 : 0;

        var width = bound ?? 1 / Math.Sqrt(inputDegrees.Length);
        _weight = Parameter("weight", weights.Uniform(width, outputDegrees.Length, inputDegrees.Length));
        _bias = Parameter("bias", weights.Uniform(width, outputDegrees.Length));
        _mask = Buffer("mask", tensor(mask));
        Buffer("degrees", tensor(outputDegrees));
    }

    public Tensor Bias => _bias.Value;

    private Tensor Weight => _weight.Value * _mask.Value;

    public Tensor Product(Tensor x) => nn.functional.linear(x, Weight);

    public override Tensor Forward(Tensor x) => nn.functional.linear(x, Weight, Bias);
}
