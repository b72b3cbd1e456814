using Amnre.Engine.Elementwise;
using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>A linear layer whose output k sees only inputs of admitted degree. Germain, Gregor, Murray, Larochelle: MADE (ICML
/// 2015).</summary>
internal sealed class MaskedLinear : Layer, IAffineLayer
{
    private readonly TensorSlot _weight, _bias, _mask;
    private readonly ForwardMode _mode;
    private (float[] Mask, IReadOnlyList<AdmittedBlock> Blocks) _blocks = ([], []);

    /// <param name="inputDegrees">Degree of each input.</param>
    /// <param name="outputDegrees">Degree of each output.</param>
    /// <param name="strict">Outputs see inputs of strictly smaller degree; else smaller or equal.</param>
    /// <param name="construction">Draws the initial weights, uniform within ±1/√(number of inputs).</param>
    /// <param name="bound">Half-width of the initial weights instead.</param>
    public MaskedLinear(long[] inputDegrees, long[] outputDegrees, bool strict, Construction construction, double? bound = null)
    {
        var mask = new float[outputDegrees.Length, inputDegrees.Length];
        for (var o = 0; o < outputDegrees.Length; o++)
            for (var i = 0; i < inputDegrees.Length; i++)
                mask[o, i] = (strict ? outputDegrees[o] > inputDegrees[i] : outputDegrees[o] >= inputDegrees[i]) ? 1 : 0;

        _mode = construction.Mode;
        var width = bound ?? 1 / Math.Sqrt(inputDegrees.Length);
        _weight = Parameter("weight", construction.Weights.Uniform(width, outputDegrees.Length, inputDegrees.Length));
        _bias = Parameter("bias", construction.Weights.Uniform(width, outputDegrees.Length));
        _mask = Buffer("mask", tensor(mask));
        Buffer("degrees", tensor(outputDegrees));
    }

    public Tensor Bias => _bias.Value;

    public Tensor Product(Tensor x) =>
        Blocks(x) is { } blocks ? MaskedProduct.Apply(x, _weight.Value, _mask.Value, blocks) : nn.functional.linear(x, Admitted);

    public override Tensor Forward(Tensor x) =>
        Blocks(x) is { } blocks
            ? MaskedProduct.Apply(x, _weight.Value, _mask.Value, blocks).Increase(Bias)
            : nn.functional.linear(x, Admitted, Bias);

    private Tensor Admitted => _weight.Value * _mask.Value;

    /// <summary>The mask's blocks; null where products of all are to be taken.</summary>
    private IReadOnlyList<AdmittedBlock>? Blocks(Tensor x)
    {
        if (x.dim() != 2 || !SinglePass.Takes(x) || !SinglePass.Takes(_mask.Value) || (is_grad_enabled() && !_mode.FirstDerivativesOnly))
            return null;
        // A model's file brings a mask of its own.
        var mask = SinglePass.Numbers(_mask.Value);
        if (!mask.SequenceEqual(_blocks.Mask)) _blocks = ([.. mask], AdmittedBlocks.Of(mask, (int)_mask.Value.shape[1]));
        return _blocks.Blocks.Count > 1 ? _blocks.Blocks : null;
    }
}
