using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;
using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>What training minimises: a scalar of one batch of the joint p(theta, x). The trainer knows no more of an estimator.</summary>
internal interface ITrainingLoss
{
    /// <summary>Losses whose sum is this one. Each may be differentiated, and its memory freed, before the next is asked for; all take the same draws.</summary>
    IReadOnlyList<ITrainingLoss> Parts => [this];

    /// <param name="theta">(N, D).</param>
    /// <param name="x">(N, observation size).</param>
    /// <param name="random">Draws of this step, such as masks.</param>
    Tensor Of(Tensor theta, Tensor x, ref CounterRandom random);
}

/// <summary>What a loss needs besides the estimator and the batch.</summary>
/// <param name="Criterion">For ratios: one of <see cref="RatioCriterion.Names"/>.</param>
/// <param name="Masks">For estimators of any subset: the subsets to train on.</param>
/// <param name="Weights">For ratios: importance weights by a frozen estimator.</param>
/// <param name="Together">For several networks: as batched products, not one after the other.</param>
internal sealed record LossOptions(string Criterion, RandomMasks? Masks, ImportanceWeights? Weights = null, bool Together = false);
