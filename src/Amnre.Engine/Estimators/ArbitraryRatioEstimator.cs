using Amnre.Engine.Embeddings;
using Amnre.Engine.Masks;
using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>AMNRE: one network for the ratios of all subsets, log r(theta_b, x) = f(theta~ · b, 2b - 1, y) with theta~ the
/// standardised parameters, b the mask of the subset (0 or 1) and y the embedding of x.
/// Rozet and Louppe, Arbitrary marginal neural ratio estimation for simulation-based inference (2021).</summary>
internal sealed class ArbitraryRatioEstimator : Estimator
{
    private readonly int _thetaSize;
    private readonly Embedding _embedding;
    private readonly Standardize _standardize;
    private readonly Sequential _net;

    public ArbitraryRatioEstimator(
        NetworkOptions network, EmbeddingOptions? embedding, IReadOnlyList<int> observationShape, PriorMoments prior,
        Construction construction)
    {
        _thetaSize = prior.Size;
        Buffer("default", ones(prior.Size, ScalarType.Bool));
        _embedding = Child("embedding", new Embedding(embedding, observationShape, construction));
        _standardize = Child("standardize", new Standardize(prior.Mean, prior.Deviation, prior.Logarithmic));
        // The original keeps the network inside a ratio estimator of its own.
        _net = Child("net.net", FeedForward.Build(network, 2 * prior.Size + _embedding.OutputSize, 1, construction));
    }

    public override bool IsDensity => false;

    public override bool Covers(ParameterMask mask) => mask.Size == _thetaSize && mask.Count > 0;

    public override Tensor Embed(Tensor x) => _embedding.Forward(x);

    public override Tensor LogValue(ParameterMask mask, Tensor theta, Tensor y)
    {
        var scattered = MaskTensor.Scatter(mask, theta);
        var row = MaskTensor.Of([mask.Bits], _thetaSize).to(theta.dtype, theta.device);
        return NetworkInput.Forward([Network(scattered, row.expand(theta.shape[0], _thetaSize), y)]).squeeze(0);
    }

    public override ITrainingLoss Loss(LossOptions options)
    {
        var distribution = options.Masks
            ?? throw new ArgumentException("an estimator of any subset needs a distribution of masks", nameof(options));
        return RatioLosses.Of(
            _embedding,
            (theta, y, draws) =>
            {
                var masks = new uint[y.shape[0]];
                distribution.Draw(masks, ref draws);
                return [Network(theta, MaskTensor.Of(masks, _thetaSize).to(theta.dtype, theta.device), y)];
            },
            options);
    }

    /// <param name="theta">(M N, D); the values outside the subset do not matter.</param>
    /// <param name="mask">(N, D), zeros and ones, the same for all M parameters of a row.</param>
    /// <param name="y">(N, L).</param>
    private NetworkInput Network(Tensor theta, Tensor mask, Tensor y)
    {
        var own = _standardize.Forward(theta).view(-1, y.shape[0], _thetaSize).mul_(mask).view(-1, _thetaSize);
        return new(_net, own, cat([mask * Number.Of(2) - Number.Of(1), y], 1));
    }
}
