using Amnre.Engine;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Masks;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;

namespace Amnre.Experiments.Checks;

/// <summary>Refuses what an evaluation could not measure of its models and its data.</summary>
internal static class EvaluationChecks
{
    public static void Check(
        Section body, EvaluateSettings settings, ISimulator simulator, DatasetSection? data, IReadOnlyList<ModelSection> models)
    {
        // Events that cannot be read are a validation error of the dataset.
        if (data is { Settings.Events: true } && simulator is IReferenceEvents events && LackParameters(events))
        {
            foreach (var field in ObservationChecks.NeedingParameters(settings))
                body.Error(field, $"'{field}' needs the true parameters, and those of the events of dataset '{data.Name}' are not " +
                    "known: leave it out, or evaluate simulated rows");
        }

        if (models.FirstOrDefault(model => model.Settings.HasFreeFactor) is { } free)
        {
            foreach (var (name, _) in new[] { ("kl", settings.Kl), ("classify", settings.Classify) }.Where(one => one.Item2))
                body.Error(name, $"'{name}' takes ratios, which model '{free.Name}' of criterion NRE-B or of trials knows up to a " +
                    "factor of each observation: leave it out, name other models, or train with NRE-C and without trials");
        }

        if (settings.Predictive && ModelWithout(models, ParameterMask.Full(simulator.ThetaSize)) is { } partial)
            body.Error("predictive", $"predictive takes draws of all parameters together, which model '{partial.Name}' does not know: " +
                $"train it for mask {ParameterMask.Full(simulator.ThetaSize)} too, or name other models");
        if (settings.Given is null || EvaluateSettingsErrors.Conditioned(settings, simulator) is not { Count: > 0 } unions) return;
        if (models.FirstOrDefault(model => !unions.Any(union => Covers(model.Settings, union))) is { } lacking)
            body.Error("given", $"model '{lacking.Name}' knows none of {string.Join(", ", unions)}, the masks with the parameters that " +
                "are given: take an AMNRE (arbitrary: true), which knows every subset, or other masks");
    }

    /// <summary>Whether the true parameters of events are not known; a file that cannot be read is reported elsewhere.</summary>
    public static bool LackParameters(IReferenceEvents events)
    {
        try
        {
            return !events.KnowsEventParameters;
        }
        catch (InputException)
        {
            return false;
        }
    }

    /// <summary>The first that does not know the subset; null when all do.</summary>
    public static ModelSection? ModelWithout(IReadOnlyList<ModelSection> models, ParameterMask mask) =>
        models.FirstOrDefault(model => !Covers(model.Settings, mask));

    /// <summary>Whether a model of these settings knows the subset.</summary>
    public static bool Covers(TrainSettings settings, ParameterMask mask)
    {
        if (settings.Arbitrary) return true;
        if (settings.Masks.Count == 0) return mask == ParameterMask.Full(mask.Size);
        ParameterMask? filter = ParameterMask.TryParse(settings.Filter ?? "", out var parsed) && parsed.Size == mask.Size ? parsed : null;
        return MaskList.Expand(settings.Masks, mask.Size, filter, out _).Contains(mask);
    }
}
