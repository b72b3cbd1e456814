using Amnre.Engine.ChainRule;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Settings;

namespace Amnre.Engine.Evaluation;

/// <summary>Has observations standardised as a trained model's training data were.</summary>
internal static class ModelMatch
{
    /// <summary>Observations as simulated are standardised by the model's moments; others must have the same.</summary>
    /// <exception cref="InputException">They have others, or are in another reduced basis.</exception>
    public static void Require(IMarginalPosterior posterior, EvaluateInputs inputs, ObservationRows samples, RunContext context)
    {
        // Estimates of other origin have no file that could say anything.
        if ((posterior as ConditionalPosterior)?.Joint is { } joint) posterior = joint;
        if (posterior is not ITrainedPosterior model) return;
        samples.MayMiss = model.TakesMissing;
        if (model.TrainedOn is not { } record)
        {
            context.Note($"model '{inputs.Model}' does not say by which moments its training data were standardised, as those of the " +
                "original and of earlier versions: "
                + $"whether '{inputs.Samples}' fits cannot be checked");
            return;
        }

        if (samples.BasisError(inputs.Model, record) is { } basis) throw new InputException(basis);
        if (samples.AreRaw)
            samples.Moments = record.MomentsToApply(inputs.Model, "import the observations with the moments of its training data " +
                "(reference: NAME in 'observations')");
        else if (samples.Moments is null && record.Moments is { } moments)
        {
            samples.Moments = moments;
            context.Note($"samples '{inputs.Samples}' have no 'mu' and 'sigma': x is standardised with those that model '{inputs.Model}' " +
                "was trained with");
        }

        if (DatasetMatch.Error(inputs.Model, record, inputs.Samples, samples.Moments) is { } error) throw new InputException(error);
    }
}
