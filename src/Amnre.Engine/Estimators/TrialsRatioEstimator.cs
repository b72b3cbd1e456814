using Amnre.Engine.Embeddings;
using Amnre.Engine.Masks;
using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>NRE of observations that are T trials, independent given theta: Σ_t log r(theta, x_t) with one network for all trials. It is
/// log r(theta, x) but for a function of x, p(x_1) … p(x_T) / p(x), so that a posterior is known up to a factor. A trial that is not there,
/// NaN, is left out of the sum, which needs no training. Hermans, Begy and Louppe (ICML 2020), §3.</summary>
internal sealed class TrialsRatioEstimator : Estimator
{
    private readonly int _thetaSize, _trials;
    private readonly Embedding _embedding;
    private readonly Standardize _standardize;
    private readonly Sequential _net;

    /// <param name="network">Of one trial.</param>
    /// <param name="embedding">Of one trial.</param>
    /// <param name="observationShape">Its first axis are the trials.</param>
    public TrialsRatioEstimator(
        NetworkOptions network, EmbeddingOptions? embedding, IReadOnlyList<int> observationShape, PriorMoments prior,
        Construction construction)
    {
        (_thetaSize, _trials) = (prior.Size, observationShape[0]);
        _embedding = Child("embedding", new Embedding(embedding, ShapeOfTrial(observationShape), construction, _trials));
        _standardize = Child("standardize", new Standardize(prior.Mean, prior.Deviation, prior.Logarithmic));
        _net = Child("net", FeedForward.Build(network, prior.Size + _embedding.OutputSize / _trials, 1, construction));
    }

    public override bool IsDensity => false;

    public static IReadOnlyList<int> ShapeOfTrial(IReadOnlyList<int> shape) => shape.Count > 1 ? [.. shape.Skip(1)] : [1];

    public override bool Covers(ParameterMask mask) => mask == ParameterMask.Full(_thetaSize);

    public override Tensor Embed(Tensor x) => _embedding.Forward(x);

    public override Tensor LogValue(ParameterMask mask, Tensor theta, Tensor y)
    {
        var standardised = _standardize.Forward(theta);
        var trials = y.view(y.shape[0], _trials, -1);
        var there = trials.isnan().any(2).logical_not();
        // Trial by trial: (T, N, L), and each theta with all of its own.
        var rows = where(there.unsqueeze(2), trials, zeros_like(trials)).transpose(0, 1).flatten(0, 1);
        var ratios = _net.Forward(cat([standardised.repeat(_trials, 1), rows], 1)).view(_trials, -1);
        return (ratios * there.t().to_type(ratios.dtype)).sum(dim: 0);
    }

    public override ITrainingLoss Loss(LossOptions options) => RatioLosses.Of(_embedding, Networks, options);

    /// <summary>The network once for each trial: a loss takes them for those of as many subsets, and adds up their losses.</summary>
    private IReadOnlyList<NetworkInput> Networks(Tensor theta, Tensor y, Randomness.CounterRandom draws)
    {
        var standardised = _standardize.Forward(theta);
        return [.. y.view(y.shape[0], _trials, -1).unbind(1).Select(trial => new NetworkInput(_net, standardised, trial))];
    }
}
