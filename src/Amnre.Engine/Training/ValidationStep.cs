namespace Amnre.Engine.Training;

/// <summary>One batch of the validation set, of each model that is trained beside others.</summary>
/// <param name="Losses">Null where the training is over, or where the loss is not finite.</param>
/// <param name="CrossEntropies">Of the same ratios, by which models of different losses can be compared; null also where the loss is one of
/// the original's.</param>
/// <param name="States">After it, with the batches that were skipped.</param>
internal sealed record ValidationStep(
    IReadOnlyList<float?> Losses, IReadOnlyList<float?> CrossEntropies, IReadOnlyList<TrainingState> States);

/// <summary>Finite values of all batches of the validation set, of one model.</summary>
/// <param name="Losses">What the training minimises.</param>
/// <param name="CrossEntropies">Empty where the loss is one of the original's.</param>
internal sealed record ValidationValues(List<float> Losses, List<float> CrossEntropies)
{
    public void Add(float? loss, float? crossEntropy)
    {
        if (loss is { } finite) Losses.Add(finite);
        if (crossEntropy is { } compared) CrossEntropies.Add(compared);
    }
}
