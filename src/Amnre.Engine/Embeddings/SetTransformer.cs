using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Embeddings;

/// <summary>Elements that attend to one another in blocks, then their mean: y does not depend on their order.
/// Lee et al., Set transformer (ICML 2019); blocks normalise first (Xiong et al., ICML 2020).</summary>
internal sealed class SetTransformer : Module, IPartialNetwork
{
    private readonly Elements _elements;
    private readonly Linear _input, _output;
    private readonly IReadOnlyList<AttentionBlock> _blocks;
    private readonly LayerNorm _norm;

    public SetTransformer(EmbeddingOptions options, IReadOnlyList<int> shape, Construction construction)
    {
        _elements = options.ElementsOf(shape);
        var width = options.HiddenSize;
        _input = Child("input", new Linear(_elements.Size, width, bias: true, leCun: false, construction.Weights));
        AttentionBlock[] blocks = [.. Enumerable.Range(0, options.Blocks).Select(_ => new AttentionBlock(options, construction))];
        _blocks = Child("blocks", new ModuleList<AttentionBlock>(blocks)).Items;
        _norm = Child("norm", new LayerNorm(width));
        _output = Child("output", new Linear(width + 1, options.OutputSize, bias: true, leCun: false, construction.Weights));
    }

    public Tensor Forward(Tensor x, Tensor? present)
    {
        var whole = _elements.Whole(present, x);
        var hidden = _input.Forward(_elements.Of(x));
        foreach (var block in _blocks) hidden = block.Forward(hidden, present is null ? null : whole);
        return _output.Forward(Elements.Mean(_norm.Forward(hidden), whole));
    }
}
