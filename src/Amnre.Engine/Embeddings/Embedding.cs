using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Embeddings;

/// <summary>x to y: flattened and, where a network is asked for, passed through it (paths <c>1.*</c>, after the flattening).</summary>
internal sealed class Embedding : Layer
{
    private readonly Module? _network;
    private readonly MissingParts? _missing;
    private readonly int _trials;

    /// <param name="options">Null for flattening alone.</param>
    /// <param name="shape">Of one observation, or of one trial of it.</param>
    /// <param name="construction">Initial weights and mode.</param>
    /// <param name="trials">Trials of an observation, of which each is embedded by itself; their y stand side by side.</param>
    public Embedding(EmbeddingOptions? options, IReadOnlyList<int> shape, Construction construction, int trials = 1)
    {
        _trials = trials;
        var size = shape.Aggregate(1, (product, length) => product * length);
        var width = options?.OutputSize ?? size;
        OutputSize = trials * width;
        if (options is null) return;
        if (options.Missing > 0) _missing = new MissingParts(options.Missing, shape, construction.Mode);
        _network = Child<Module>("1", options.Architecture switch
        {
            EmbeddingOptions.DeepSet => new DeepSet(options, shape, construction),
            EmbeddingOptions.SetTransformer => new SetTransformer(options, shape, construction),
            EmbeddingOptions.Cnn => new ConvolutionNetwork(options, shape, construction),
            _ => FeedForward.Build(options.Network, _missing is null ? size : 2 * size, width, construction),
        });
    }

    /// <summary>L, the length of y.</summary>
    public int OutputSize { get; }

    /// <param name="x">(N, observation size); NaN where a model that allows it has nothing.</param>
    public override Tensor Forward(Tensor x)
    {
        if (_network is not { } network) return x;
        return _trials == 1 ? One(network, x) : One(network, x.view(x.shape[0] * _trials, -1)).view(x.shape[0], -1);
    }

    private Tensor One(Module network, Tensor x)
    {
        var (values, present) = _missing is null ? (x, null) : _missing.Split(x);
        return network is IPartialNetwork partial
            ? partial.Forward(values, present)
            : ((Layer)network).Forward(present is null ? values : cat([values, present], 1));
    }

    /// <summary>Of R models at once, each its own x.</summary>
    public static IReadOnlyList<Tensor> Forward(IReadOnlyList<Embedding> embeddings, IReadOnlyList<Tensor> x) =>
        embeddings.Count == 1 || embeddings[0] is not { _network: Sequential, _missing: null, _trials: 1 }
            ? [.. embeddings.Zip(x, (embedding, own) => embedding.Forward(own))]
            : Layer.Forward([.. embeddings.Select(embedding => (Layer)embedding._network!)], stack([.. x])).unbind(0);
}

/// <summary>A network that can do without some values of an observation.</summary>
internal interface IPartialNetwork
{
    /// <param name="x">(N, observation size), zero where absent.</param>
    /// <param name="present">(N, observation size), 1 or 0; null where all is there.</param>
    /// <returns>y, (N, L).</returns>
    Tensor Forward(Tensor x, Tensor? present);
}
