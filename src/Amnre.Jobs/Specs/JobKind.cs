namespace Amnre.Jobs.Specs;

/// <summary>What a job does. Its settings record, and so its outputs, follow from the kind.</summary>
public enum JobKind
{
    /// <summary><see cref="Engine.Datasets.SampleSettings"/>.</summary>
    Sample,

    /// <summary><see cref="Engine.Datasets.GatherSettings"/>.</summary>
    Gather,

    /// <summary><see cref="Engine.Training.TrainSettings"/>.</summary>
    Train,

    /// <summary><see cref="Engine.Evaluation.EvaluateSettings"/>.</summary>
    Evaluate,

    /// <summary><see cref="Engine.Figures.PlotSettings"/>.</summary>
    Plot,

    /// <summary><see cref="Engine.GravitationalWaves.BasisSettings"/>.</summary>
    Basis,
}
