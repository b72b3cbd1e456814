using Amnre.Engine.Embeddings;
using Amnre.Engine.Masks;
using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>AMNRE with a hyper-network: log r(theta_b, x) = f(theta~ · b, y; w(2b − 1)), where another network makes the weights w
/// of f from the mask b. Rozet and Louppe, Arbitrary marginal neural ratio estimation for simulation-based inference (2021).</summary>
internal sealed class HyperRatioEstimator : Estimator
{
    private readonly int _thetaSize;
    private readonly Embedding _embedding;
    private readonly Standardize _standardize;
    private readonly GeneratedNetwork _net;

    public HyperRatioEstimator(
        NetworkOptions network, NetworkOptions hyper, EmbeddingOptions? embedding, IReadOnlyList<int> observationShape, PriorMoments prior,
        Construction construction)
    {
        _thetaSize = prior.Size;
        Buffer("default", ones(prior.Size, ScalarType.Bool));
        _embedding = Child("embedding", new Embedding(embedding, observationShape, construction));
        _standardize = Child("standardize", new Standardize(prior.Mean, prior.Deviation, prior.Logarithmic));
        _net = new GeneratedNetwork(
            FeedForward.Build(network, prior.Size + _embedding.OutputSize, 1, construction),
            outputs => FeedForward.Build(hyper, prior.Size, outputs, construction));
        Child("net.net", _net.Network);
        Child("hyper.weights", _net.Generator);
    }

    public override bool IsDensity => false;

    public override bool Covers(ParameterMask mask) => mask.Size == _thetaSize && mask.Count > 0;

    public override Tensor Embed(Tensor x) => _embedding.Forward(x);

    public override Tensor LogValue(ParameterMask mask, Tensor theta, Tensor y)
    {
        var scattered = MaskTensor.Scatter(mask, theta);
        return NetworkInput.Forward([Network(scattered, MaskTensor.Of([mask.Bits], _thetaSize).to(theta.dtype, theta.device), y)])
            .squeeze(0);
    }

    public override ITrainingLoss Loss(LossOptions options)
    {
        var distribution = options.Masks
            ?? throw new ArgumentException("an estimator of any subset needs a distribution of masks", nameof(options));
        return RatioLosses.Of(
            _embedding,
            (theta, y, draws) =>
            {
                // One mask for the whole batch: the generator runs once.
                var mask = new uint[1];
                distribution.Draw(mask, ref draws);
                return [Network(theta, MaskTensor.Of(mask, _thetaSize).to(theta.dtype, theta.device), y)];
            },
            options);
    }

    public override void Settle()
    {
        using var scope = NewDisposeScope();
        _net.Store(ones(1, _thetaSize, device: State().First().Slot.Value.device));
    }

    private NetworkInput Network(Tensor theta, Tensor mask, Tensor y) =>
        new(_net.For(mask), _standardize.Forward(theta) * mask, y);
}
