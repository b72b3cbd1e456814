using System.Text.Json.Serialization;

namespace Amnre.Engine.Settings;

/// <summary>Where the true posterior comes from.</summary>
[JsonConverter(typeof(EnumNameJson<TruthMethod>))]
public enum TruthMethod
{
    /// <summary>Quadrature for one and two parameters, chains for more.</summary>
    Exact,

    /// <summary>Metropolis–Hastings on the likelihood, for all.</summary>
    Chains,
}

/// <summary>Which earth mover's distance.</summary>
[JsonConverter(typeof(EnumNameJson<DistanceMethod>))]
public enum DistanceMethod
{
    /// <summary>With an entropic penalty, as the original's.</summary>
    Entropic,

    /// <summary>By linear programming.</summary>
    Exact,
}

/// <summary>How marginals with too many cells are sampled where the model cannot draw.</summary>
[JsonConverter(typeof(EnumNameJson<SamplingMethod>))]
public enum SamplingMethod
{
    /// <summary>By Markov chains.</summary>
    Chains,

    /// <summary>By importance, from the prior's box.</summary>
    Importance,
}
