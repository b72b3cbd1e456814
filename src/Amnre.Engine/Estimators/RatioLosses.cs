using Amnre.Engine.Embeddings;
using Amnre.Engine.Networks;
using Amnre.Engine.Randomness;
using Amnre.Engine.Settings;
using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>The loss of ratios that options name.</summary>
internal static class RatioLosses
{
    /// <param name="embedding">x (N, observation size) to y (N, L).</param>
    /// <param name="networks">Those of K subsets, whose outputs are log r.</param>
    public static ITrainingLoss Of(Embedding embedding, RatioNetworks networks, LossOptions options) => options.Criterion switch
    {
        Criterion.Balanced => new RatioLoss(
            embedding, networks, RatioCriterion.Of(Criterion.NegativeLogLikelihood), options.Weights, options.Balance),
        Criterion.Multiclass => new ContrastiveLoss(embedding, networks, options.Contrasts, gamma: null),
        Criterion.Contrastive => new ContrastiveLoss(embedding, networks, options.Contrasts, options.Gamma),
        _ => new RatioLoss(embedding, networks, RatioCriterion.Of(options.Criterion), options.Weights),
    };

    /// <summary>The cross-entropy of the same ratios.</summary>
    public static ITrainingLoss CrossEntropy(Embedding embedding, RatioNetworks networks) =>
        new RatioLoss(embedding, networks, RatioCriterion.Of(Criterion.NegativeLogLikelihood));
}

/// <summary>The networks that tell pairs (theta, x) apart, and what each is given.</summary>
/// <param name="theta">(M N, D), M parameters for each of N observations.</param>
/// <param name="y">(N, L).</param>
/// <param name="draws">Of this step, for masks, which the parameters of an observation share.</param>
/// <returns>One of one output for each of K subsets.</returns>
internal delegate IReadOnlyList<NetworkInput> RatioNetworks(Tensor theta, Tensor y, CounterRandom draws);
