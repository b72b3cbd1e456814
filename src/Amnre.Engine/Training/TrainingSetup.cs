using Amnre.Engine.Checkpoints;
using Amnre.Engine.Estimators;
using Amnre.Engine.Networks;
using Amnre.Engine.Settings;
using Amnre.Engine.TrainingRows;

namespace Amnre.Engine.Training;

/// <summary>What one model is trained with.</summary>
/// <param name="Settings">Of one model.</param>
/// <param name="Estimator">With initial weights; owned by the training, as are the rows.</param>
/// <param name="Mode">Of the estimator's layers.</param>
/// <param name="Loss">On a GPU, networks are always trained together.</param>
/// <param name="Rows">To train on.</param>
/// <param name="Validation">Null without a validation set.</param>
internal sealed record TrainingSetup(
    TrainSettings Settings, Estimator Estimator, ForwardMode Mode, LossOptions Loss, ITrainingRows Rows, ITrainingRows? Validation)
        : IDisposable
{
    /// <summary>Of the files that rows and weights come from.</summary>
    public InputDigests Inputs { get; init; } = InputDigests.None;

    /// <summary>What the model's file is to say of them; null where there is no simulator.</summary>
    public TrainingRecord? Record { get; init; }

    public void Dispose()
    {
        Rows.Dispose();
        Validation?.Dispose();
        Estimator.Dispose();
        Loss.Weights?.Adversary.Dispose();
        Mode.Dropout?.Dispose();
    }
}
