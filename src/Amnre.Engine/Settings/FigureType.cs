using System.Text.Json.Serialization;

namespace Amnre.Engine.Settings;

/// <summary>What a figure shows.</summary>
[JsonConverter(typeof(EnumNameJson<FigureType>))]
public enum FigureType
{
    /// <summary>Losses of trainings over their epochs.</summary>
    Loss,

    /// <summary>Distances to the truth, and other measures.</summary>
    Error,

    /// <summary>Percentiles of the true parameters.</summary>
    Calibration,

    /// <summary>Distances between marginals of what they share.</summary>
    Consistency,

    /// <summary>Receiver operating characteristic of classified pairs.</summary>
    Roc,

    /// <summary>Marginals of one and two parameters of an observation.</summary>
    Corner,

    /// <summary>Expected coverage against credibility.</summary>
    Coverage,

    /// <summary>Ranks of the true parameters among draws.</summary>
    Ranks,

    /// <summary>An observation over what is simulated from draws of its posterior.</summary>
    Predictive,

    /// <summary>What an observation tells of each parameter and pair, beside what observations tell on average.</summary>
    Information,
}
