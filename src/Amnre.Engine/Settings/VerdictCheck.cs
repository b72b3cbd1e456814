using System.Text.Json.Serialization;

namespace Amnre.Engine.Settings;

/// <summary>What a verdict on a posterior looks at. Settings and options spell them in lower case.</summary>
[JsonConverter(typeof(EnumNameJson<VerdictCheck>))]
public enum VerdictCheck
{
    /// <summary>Whether regions of a given credibility hold the truth as often as they say.</summary>
    Coverage,

    /// <summary>Whether the true parameters' ranks among draws are uniform.</summary>
    Ranks,

    /// <summary>Whether draws are as near to reference points as the truth is.</summary>
    Tarp,

    /// <summary>Whether the posterior tells more of the truth than the prior.</summary>
    Information,

    /// <summary>Whether probabilities add up to 1.</summary>
    Total,

    /// <summary>Whether nested marginals agree with one another.</summary>
    Consistency,

    /// <summary>Whether every density is a number.</summary>
    Finite,

    /// <summary>Whether draws could be made, and what they are worth.</summary>
    Draws,

    /// <summary>Whether the observation is like those of the simulator.</summary>
    Likeness,

    /// <summary>Whether simulations from the posterior look like the observation.</summary>
    Predictive,

    /// <summary>Whether a classifier can tell draws from reference draws.</summary>
    C2st,

    /// <summary>Whether models that were trained alike agree.</summary>
    Ensemble,
}
