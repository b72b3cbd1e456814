using Amnre.Engine.Simulators;

namespace Amnre.Engine.Training;

/// <summary>Refuses epochs from which nothing was learnt, so that initial weights, or weights that no validation has judged, are never
/// published.</summary>
internal static class LearningCheck
{
    /// <param name="model">Whose epoch ends.</param>
    /// <param name="state">After the last step of the epoch.</param>
    /// <param name="steps">Batches in it.</param>
    /// <param name="validation">Finite losses of the validation set; null without one.</param>
    /// <exception cref="InputException">No batch, or none of the validation set, was finite.</exception>
    public static void Require(ModelTraining model, TrainingState state, int steps, IReadOnlyList<float>? validation)
    {
        if (state.Losses.Count == 0)
        {
            throw new InputException(
                $"training of '{Path.GetFileName(model.Weights)}' (seed {model.Settings.Seed}) learnt nothing in epoch {state.Epoch}: " +
                $"all {steps} batches of '{SourceOf(model)}' were skipped. "
                + $"Skipped so far: {state.SkippedSteps.Causes()}. Remedy: {state.SkippedSteps.Remedy()}");
        }

        if (validation is { Count: 0 })
        {
            throw new InputException(
                $"training of '{Path.GetFileName(model.Weights)}' (seed {model.Settings.Seed}) cannot be validated after epoch " +
                $"{state.Epoch}: no batch of '{model.Inputs.Valid}' has a finite loss. "
                + $"Skipped so far: {state.SkippedValidation.Causes()}. Remedy: {state.SkippedValidation.Remedy()}");
        }
    }

    /// <summary>A sentence on the batches that were skipped in the whole training; null when none was.</summary>
    public static string? Told(ModelTraining model, TrainingState state, int steps)
    {
        var sentences = new List<string>();
        // Each epoch has as many, and each ended.
        var (all, skipped, unjudged) = ((long)steps * (state.Epoch - 1), state.SkippedSteps, state.SkippedValidation);
        if (skipped.Count() > 0)
            sentences.Add(
                $"{skipped.Count()} of {all} batches of '{SourceOf(model)}' were skipped: {skipped.Causes()}; {skipped.Remedy()}");
        if (unjudged.Count() > 0)
            sentences.Add($"{unjudged.Count()} batches of the validation set '{model.Inputs.Valid}' were skipped: {unjudged.Causes()}; " +
                $"{unjudged.Remedy()}");
        return sentences.Count == 0
            ? null
            : $"training of '{Path.GetFileName(model.Weights)}' (seed {model.Settings.Seed}): {string.Join(". ", sentences)}";
    }

    private static string SourceOf(ModelTraining model) =>
        model.Inputs.Samples ?? $"simulator {SimulatorReference.Plain(model.Settings.Simulator)}";
}
