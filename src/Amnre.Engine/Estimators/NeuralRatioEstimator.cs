using Amnre.Engine.Embeddings;
using Amnre.Engine.Masks;
using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>NRE: log r(theta, x) = f(theta~, y) with theta~ the standardised parameters and y the embedding of x, f a network of
/// one output. Hermans, Begy and Louppe, Likelihood-free MCMC with amortized approximate ratio estimators (ICML 2020).</summary>
internal sealed class NeuralRatioEstimator : Estimator
{
    private readonly int _thetaSize;
    private readonly Embedding _embedding;
    private readonly Standardize _standardize;
    private readonly Sequential _net;

    public NeuralRatioEstimator(
        NetworkOptions network, EmbeddingOptions? embedding, IReadOnlyList<int> observationShape, PriorMoments prior,
        Construction construction)
    {
        _thetaSize = prior.Size;
        _embedding = Child("embedding", new Embedding(embedding, observationShape, construction));
        _standardize = Child("standardize", new Standardize(prior.Mean, prior.Deviation, prior.Logarithmic));
        _net = Child("net", FeedForward.Build(network, prior.Size + _embedding.OutputSize, 1, construction));
    }

    public override bool IsDensity => false;

    public override bool Covers(ParameterMask mask) => mask == ParameterMask.Full(_thetaSize);

    public override Tensor Embed(Tensor x) => _embedding.Forward(x);

    public override Tensor LogValue(ParameterMask mask, Tensor theta, Tensor y) => LogRatio(theta, y);

    public override ITrainingLoss Loss(LossOptions options) =>
        RatioLosses.Of(_embedding, (theta, y, _) => [Network(theta, y)], options);

    /// <summary>The network and what it takes for log r.</summary>
    /// <param name="theta">(M N, D).</param>
    /// <param name="y">(N, L).</param>
    public NetworkInput Network(Tensor theta, Tensor y) => new(_net, _standardize.Forward(theta), y);

    private Tensor LogRatio(Tensor theta, Tensor y) => NetworkInput.Forward([Network(theta, y)]).squeeze(0);
}
