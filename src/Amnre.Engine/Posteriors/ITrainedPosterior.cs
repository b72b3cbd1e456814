using Amnre.Engine.Checkpoints;
using Amnre.Engine.Masks;

namespace Amnre.Engine.Posteriors;

/// <summary>One trained model, or several that are one posterior.</summary>
internal interface ITrainedPosterior : IDirectPosterior, IPairClassifier
{
    /// <summary>What it was trained on; null where its file does not say.</summary>
    TrainingRecord? TrainedOn { get; }

    /// <summary>Whether values of an observation may be missing, NaN.</summary>
    bool TakesMissing { get; }

    /// <inheritdoc cref="IMarginalPosterior.Covers"/>
    new bool Covers(ParameterMask mask);
}
