using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>x to y: flattened and, where a network is asked for, passed through it (paths <c>1.*</c>, after the flattening).</summary>
internal sealed class Embedding : Layer
{
    private readonly Sequential? _network;

    /// <param name="options">Null for flattening alone.</param>
    /// <param name="observationSize">Elements of one observation.</param>
    /// <param name="construction">Initial weights and mode.</param>
    public Embedding(NetworkOptions? options, int observationSize, Construction construction)
    {
        OutputSize = options?.OutputSize ?? observationSize;
        if (options is not null) _network = Child("1", FeedForward.Build(options, observationSize, OutputSize, construction));
    }

    /// <summary>L, the length of y.</summary>
    public int OutputSize { get; }

    public override Tensor Forward(Tensor x) => _network?.Forward(x) ?? x;

    /// <summary>Of R models at once, each its own x.</summary>
    public static IReadOnlyList<Tensor> Forward(IReadOnlyList<Embedding> embeddings, IReadOnlyList<Tensor> x) =>
        embeddings.Count == 1 || embeddings[0]._network is null
            ? [.. embeddings.Zip(x, (embedding, own) => embedding.Forward(own))]
            : Layer.Forward([.. embeddings.Select(embedding => embedding._network!)], stack([.. x])).unbind(0);
}
