using Amnre.Engine.Checkpoints;
using Amnre.Engine.Estimators;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Settings;

namespace Amnre.Engine.Evaluation;

/// <summary>Whether observations are standardised as a trained model's training data were.</summary>
internal static class ModelMatch
{
    /// <summary>Observations as they were measured are standardised here; others must be so already.</summary>
    /// <exception cref="InputException">They are not.</exception>
    public static void Require(IMarginalPosterior posterior, EvaluateInputs inputs, ObservationRows samples, RunContext context)
    {
        // Estimates of other origin have no file that could say anything.
        if (posterior is not TrainedModel model) return;
        if (model.TrainedOn is not { } record)
        {
            context.Note($"model '{inputs.Model}' does not say by which moments its training data were standardised, as those of the " +
                "original and of earlier versions: "
                + $"whether '{inputs.Samples}' fits cannot be checked");
            return;
        }

        if (samples.BasisFault(inputs.Model, record) is { } basis) throw new InputException(basis);
        if (samples.AreRaw)
            samples.StandardizeBy(record.MomentsToApply(inputs.Model, "import the observations with the moments of its training data " +
                "(reference: NAME in 'observations')"));
        if (DatasetMatch.Fault(inputs.Model, record, inputs.Samples, samples.Moments) is { } fault) throw new InputException(fault);
    }
}
