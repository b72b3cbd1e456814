using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>The sum of losses that share no parameters.</summary>
internal sealed class SumLoss(IReadOnlyList<ITrainingLoss> parts) : ITrainingLoss
{
    public IReadOnlyList<ITrainingLoss> Parts => parts;

    public Tensor Of(TrainingBatch batch) => stack([.. parts.Select(part => part.Of(batch))]).sum();
}
