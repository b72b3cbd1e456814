using Amnre.Engine.Embeddings;
using Amnre.Engine.Masks;
using Amnre.Engine.Networks;
using Amnre.Engine.Posteriors;
using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>MNRE and MNPE: one estimator for each of K listed subsets of the parameters, which share the embedding of x.
/// Miller, Cole, Louppe and Weniger, Simulation-efficient marginal posterior estimation with swyft (2020).</summary>
internal sealed class ListedSubsetsEstimator : Estimator, IDirectDraws
{
    private readonly IReadOnlyList<ParameterMask> _masks;
    private readonly Embedding _embedding;
    private readonly IReadOnlyList<Estimator> _estimators;

    /// <param name="masks">The subsets; duplicates are kept, and the first of them answers.</param>
    /// <param name="make">Makes the estimator of one subset from the moments of its parameters and the width L of y.</param>
    public ListedSubsetsEstimator(
        IReadOnlyList<ParameterMask> masks, EmbeddingOptions? embedding, IReadOnlyList<int> observationShape, PriorMoments prior,
        Construction construction, Func<PriorMoments, int, Estimator> make)
    {
        _masks = masks;
        Buffer("masks", stack([.. masks.Select(MaskTensor.Of)]));
        _embedding = Child("embedding", new Embedding(embedding, observationShape, construction));
        _estimators = [.. masks.Select(mask => make(prior.Of(mask), _embedding.OutputSize))];
        Child("nes", new ModuleList<Estimator>(_estimators));
    }

    public override bool IsDensity => _estimators[0].IsDensity;

    public override bool Covers(ParameterMask mask) => _masks.Contains(mask);

    public override Tensor Embed(Tensor x) => _embedding.Forward(x);

    public override Tensor LogValue(ParameterMask mask, Tensor theta, Tensor y) => Value(PlaceOf(mask), theta, y);

    /// <exception cref="NotSupportedException">The estimators are of ratios, which only chains can sample.</exception>
    public Tensor Draw(ParameterMask mask, Tensor y, Tensor noise) =>
        _estimators[PlaceOf(mask)] is IDirectDraws direct
            ? direct.Draw(ParameterMask.Full(mask.Count), y, noise)
            : throw new NotSupportedException("ratios are sampled by chains");

    /// <summary>Networks are trained together, as batched products, where many small operations cost more than few large ones: on a
    /// GPU. Elsewhere one after the other in each step, so that activations are in memory for one of them, not for all. A trained
    /// embedding, which they share, holds them together too.</summary>
    public override ITrainingLoss Loss(LossOptions options)
    {
        int[] all = [.. Enumerable.Range(0, _masks.Count)];
        return options.Together || _embedding.State().Any()
            ? LossOf(all, options)
            : new SumLoss([.. all.Select(k => LossOf([k], options with { Weights = options.Weights?.Only(_masks[k]) }))]);
    }

    private ITrainingLoss LossOf(int[] places, LossOptions options) => IsDensity
        ? new DensityLoss(Embed, (theta, y) => stack([.. places.Select(k => Value(k, MaskTensor.Gather(_masks[k], theta), y))], 1))
        : RatioLosses.Of(
            _embedding,
            (theta, y, _) =>
                [.. places.Select(k => ((NeuralRatioEstimator)_estimators[k]).Network(MaskTensor.Gather(_masks[k], theta), y))],
            options);

    private int PlaceOf(ParameterMask mask)
    {
        for (var k = 0; k < _masks.Count; k++)
            if (_masks[k] == mask) return k;
        throw new ArgumentException($"no estimator was trained for mask {mask}", nameof(mask));
    }

    private Tensor Value(int k, Tensor theta, Tensor y) => _estimators[k].LogValue(ParameterMask.Full(_masks[k].Count), theta, y);
}
