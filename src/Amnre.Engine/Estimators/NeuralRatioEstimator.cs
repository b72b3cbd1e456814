using Amnre.Engine.Masks;
using Amnre.Engine.Networks;
using Amnre.Engine.Randomness;
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
        NetworkOptions network, NetworkOptions? embedding, int observationSize, PriorMoments prior, Construction construction)
    {
        _thetaSize = prior.Size;
        _embedding = Child("embedding", new Embedding(embedding, observationSize, construction));
        _standardize = Child("standardize", new Standardize(prior.Mean, prior.Deviation));
        _net = Child("net", FeedForward.Build(network, prior.Size + _embedding.OutputSize, 1, construction));
    }

    public override bool IsDensity => false;

    public override bool Covers(ParameterMask mask) => mask == ParameterMask.Full(_thetaSize);

    public override Tensor Embed(Tensor x) => _embedding.Forward(x);

    public override Tensor LogValue(ParameterMask mask, Tensor theta, Tensor y) => LogRatio(theta, y);

    public override ITrainingLoss Loss(LossOptions options) => new RatioLoss(Embed, PairRatios, RatioCriterion.Of(options.Criterion), options.Weights);

    private Tensor PairRatios(Tensor pairs, Tensor y, ref CounterRandom random) =>
        LogRatio(pairs.flatten(0, 1), y.repeat(2, 1)).view(2, -1);

    /// <summary>log r of K estimators of one architecture at once.</summary>
    /// <param name="estimators">Alike but for the number of their parameters.</param>
    /// <param name="thetas">For each (N, |b|).</param>
    /// <param name="y">(N, L).</param>
    /// <returns>(N, K).</returns>
    public static Tensor LogRatios(IReadOnlyList<NeuralRatioEstimator> estimators, IReadOnlyList<Tensor> thetas, Tensor y)
    {
        var width = thetas.Max(theta => theta.shape[1]) + y.shape[1];
        var inputs = estimators.Zip(thetas, (estimator, theta) => estimator.Input(theta, y)).Select(input =>
            input.shape[1] == width ? input : nn.functional.pad(input, [0, width - input.shape[1]]));
        return Layer.Forward([.. estimators.Select(estimator => estimator._net)], stack([.. inputs])).squeeze(2).t();
    }

    private Tensor Input(Tensor theta, Tensor y) => cat([_standardize.Forward(theta), y], 1);

    private Tensor LogRatio(Tensor theta, Tensor y) => _net.Forward(Input(theta, y)).squeeze(1);
}
