using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Embeddings;

/// <summary>y = W [mean over elements of φ(x_i), part of them that is there] + b, whatever their order and number.
/// Zaheer et al., Deep sets (NeurIPS 2017).</summary>
internal sealed class DeepSet : Module, IPartialNetwork
{
    private readonly Elements _elements;
    private readonly Sequential _element;
    private readonly Linear _output;

    public DeepSet(EmbeddingOptions options, IReadOnlyList<int> shape, Construction construction)
    {
        _elements = options.ElementsOf(shape);
        var width = options.Network.HiddenSize;
        _element = Child("element", FeedForward.Build(options.Network, _elements.Size, width, construction));
        _output = Child("output", new Linear(width + 1, options.OutputSize, bias: true, leCun: false, construction.Weights));
    }

    public Tensor Forward(Tensor x, Tensor? present)
    {
        var hidden = _element.Forward(_elements.Of(x).flatten(0, 1)).view(x.shape[0], _elements.Count, -1);
        return _output.Forward(Elements.Mean(hidden, _elements.Whole(present, x)));
    }
}
