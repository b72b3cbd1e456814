using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Embeddings;

/// <summary>Convolutions along a series of F channels, each with stride and activation, then means of equal parts of what is left and a
/// linear map. Values that are not there are zero, and a second set of channels says which they are.</summary>
internal sealed class ConvolutionNetwork : Module, IPartialNetwork
{
    private readonly Elements _positions;
    private readonly long _pooled;
    private readonly bool _takesPresence;
    private readonly IReadOnlyList<Convolution> _convolutions;
    private readonly Linear _output;

    public ConvolutionNetwork(EmbeddingOptions options, IReadOnlyList<int> shape, Construction construction)
    {
        _positions = options.ElementsOf(shape);
        _pooled = options.Pooled;
        _takesPresence = options.Missing > 0;
        var channels = _positions.Size * (_takesPresence ? 2 : 1);
        var convolutions = new List<Convolution>();
        foreach (var filters in options.Filters)
        {
            convolutions.Add(new Convolution(channels, filters, options, construction));
            channels = filters;
        }

        _convolutions = Child("convolutions", new ModuleList<Convolution>([.. convolutions])).Items;
        _output = Child(
            "output", new Linear(channels * options.Pooled, options.OutputSize, bias: true, leCun: false, construction.Weights));
    }

    public Tensor Forward(Tensor x, Tensor? present)
    {
        var hidden = _positions.Of(x);
        if (_takesPresence) hidden = cat([hidden, _positions.Of(present!)], 2);
        hidden = hidden.transpose(1, 2);
        foreach (var convolution in _convolutions) hidden = convolution.Forward(hidden);
        return _output.Forward(nn.functional.adaptive_avg_pool1d(hidden, _pooled).flatten(1, 2));
    }
}

/// <summary>Convolution → [normalisation of all channels of an observation] → activation.</summary>
internal sealed class Convolution : Layer
{
    private readonly TensorSlot _weight, _bias;
    private readonly TensorSlot? _scale, _shift;
    private readonly Activation _activation;
    private readonly long _stride, _padding;

    public Convolution(int channels, int filters, EmbeddingOptions options, Construction construction)
    {
        (_stride, _padding) = (options.Stride, options.KernelSize / 2);
        var bound = 1 / Math.Sqrt(channels * options.KernelSize);
        _weight = Parameter("weight", construction.Weights.Uniform(bound, filters, channels, options.KernelSize));
        _bias = Parameter("bias", construction.Weights.Uniform(bound, filters));
        if (options.Normalization is not null) (_scale, _shift) = (Parameter("scale", ones(filters)), Parameter("shift", zeros(filters)));
        _activation = new Activation(options.Activation, inPlace: true, leCun: false, construction.Mode);
    }

    /// <param name="x">(N, channels, P).</param>
    /// <returns>(N, filters, ⌈P / stride⌉).</returns>
    public override Tensor Forward(Tensor x)
    {
        var value = nn.functional.conv1d(x, _weight.Value, _bias.Value, stride: _stride, padding: _padding);
        if (_scale is not null) value = nn.functional.group_norm(value, 1, _scale.Value, _shift!.Value, 1e-5);
        return _activation.Forward(value);
    }
}
