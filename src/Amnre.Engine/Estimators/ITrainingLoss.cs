using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;
using Amnre.Engine.Settings;
using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>What training minimises: a scalar of one batch of the joint p(theta, x). The trainer knows no more of an estimator.</summary>
internal interface ITrainingLoss
{
    /// <summary>Losses whose sum is this one. Each may be differentiated, and its memory freed, before the next is asked for; all take the
    /// same draws.</summary>
    IReadOnlyList<ITrainingLoss> Parts => [this];

    /// <summary>The cross-entropy of the same ratios (NLL), by which models of different losses can be compared; null where the loss is
    /// one of the original's.</summary>
    ITrainingLoss? CrossEntropy => null;

    Tensor Of(TrainingBatch batch);

    /// <summary>The losses of R models at once: few large operations instead of R times as many small ones.</summary>
    /// <param name="losses">This loss of each model; the models are alike but for their weights.</param>
    /// <param name="batches">One for each, of equally many rows.</param>
    /// <returns>(R).</returns>
    static Tensor Of(IReadOnlyList<ITrainingLoss> losses, IReadOnlyList<TrainingBatch> batches) => losses[0].Stacked(losses, batches);

    /// <summary>One after the other, where nothing better is known.</summary>
    Tensor Stacked(IReadOnlyList<ITrainingLoss> losses, IReadOnlyList<TrainingBatch> batches) =>
        stack([.. losses.Zip(batches, (loss, batch) => loss.Of(batch))]);
}

/// <summary>What one step of training sees.</summary>
/// <param name="Theta">(N, D).</param>
/// <param name="X">(N, observation size).</param>
/// <param name="Draws">Of this step, such as masks.</param>
internal readonly record struct TrainingBatch(Tensor Theta, Tensor X, CounterRandom Draws)
{
    /// <summary>N.</summary>
    public long Rows => Theta.shape[0];
}

/// <summary>What a loss needs besides the estimator and the batch.</summary>
/// <param name="Criterion">For ratios: which.</param>
/// <param name="Masks">For estimators of any subset: the subsets to train on.</param>
/// <param name="Weights">For ratios: importance weights by a frozen estimator.</param>
/// <param name="Together">For several networks: as batched products, not one after the other.</param>
internal sealed record LossOptions(Criterion Criterion, RandomMasks? Masks, ImportanceWeights? Weights = null, bool Together = false)
{
    /// <summary>K of NRE-B and NRE-C.</summary>
    public int Contrasts { get; init; } = TrainSettings.DefaultContrasts;

    /// <summary>γ of NRE-C.</summary>
    public double Gamma { get; init; } = TrainSettings.DefaultGamma;

    /// <summary>λ of BNRE.</summary>
    public double Balance { get; init; } = TrainSettings.DefaultBalance;

    /// <summary>Those of a model.</summary>
    /// <param name="size">Number of parameters, D.</param>
    public static LossOptions Of(TrainSettings settings, int size, ImportanceWeights? weights, bool together) =>
        new(settings.Criterion, EstimatorAssembly.Masks(settings, size), weights, together)
        {
            Contrasts = settings.Contrasts ?? TrainSettings.DefaultContrasts,
            Gamma = settings.Gamma ?? TrainSettings.DefaultGamma,
            Balance = settings.Balance ?? TrainSettings.DefaultBalance,
        };
}
