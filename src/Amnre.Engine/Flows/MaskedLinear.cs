using Amnre.Engine.Randomness;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>A linear layer whose output k sees only inputs of admitted degree. Germain, Gregor, Murray, Larochelle: MADE (ICML 2015).</summary>
internal sealed class MaskedLinear : nn.Module<Tensor, Tensor>
{
    /// <param name="inputDegrees">Degree of each input.</param>
    /// <param name="outputDegrees">Degree of each output.</param>
    /// <param name="strict">Outputs see inputs of strictly smaller degree; else smaller or equal.</param>
    /// <param name="random">Draws the initial weights, uniform within ±1/√(number of inputs).</param>
    /// <param name="bound">Half-width of the initial weights instead.</param>
    public MaskedLinear(long[] inputDegrees, long[] outputDegrees, bool strict, ref CounterRandom random, double? bound = null)
        : base(nameof(MaskedLinear))
    {
        var mask = new float[outputDegrees.Length, inputDegrees.Length];
        for (var o = 0; o < outputDegrees.Length; o++)
            for (var i = 0; i < inputDegrees.Length; i++)
                mask[o, i] = (strict ? outputDegrees[o] > inputDegrees[i] : outputDegrees[o] >= inputDegrees[i]) ? 1 : 0;

        var width = bound ?? 1 / Math.Sqrt(inputDegrees.Length);
        register_parameter("weight", new Parameter(Uniform(ref random, width, outputDegrees.Length, inputDegrees.Length)));
        register_parameter("bias", new Parameter(Uniform(ref random, width, outputDegrees.Length)));
        register_buffer("mask", tensor(mask));
        register_buffer("degrees", tensor(outputDegrees));
    }

    public override Tensor forward(Tensor input) => nn.functional.linear(input, get_parameter("weight")! * get_buffer("mask")!, get_parameter("bias"));

    internal static Tensor Uniform(ref CounterRandom random, double bound, params long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (product, length) => product * length)];
        for (var i = 0; i < values.Length; i++) values[i] = (float)(bound * (2 * random.NextDouble() - 1));
        return tensor(values, shape);
    }
}
