namespace Amnre.Jobs.Specs;

/// <summary>What a job does. Its settings record, and so its outputs, follow from the kind.</summary>
public enum JobKind
{
    /// <summary><see cref="Engine.Settings.SampleSettings"/>.</summary>
    Sample,

    /// <summary><see cref="Engine.Settings.GatherSettings"/>.</summary>
    Gather,

    /// <summary><see cref="Engine.Settings.TrainSettings"/>.</summary>
    Train,

    /// <summary><see cref="Engine.Settings.EvaluateSettings"/>.</summary>
    Evaluate,

    /// <summary><see cref="Engine.Settings.PlotSettings"/>.</summary>
    Plot,

    /// <summary><see cref="Engine.Settings.BasisSettings"/>.</summary>
    Basis,
}
