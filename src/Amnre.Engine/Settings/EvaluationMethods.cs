using System.Text.Json.Serialization;
using Amnre.Engine.Fields;

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

/// <summary>How several models are one posterior.</summary>
[JsonConverter(typeof(EnumNameJson<Combination>))]
public enum Combination
{
    /// <summary>The mean of log ratios: what all members find likely.</summary>
    Mean,

    /// <summary>The mean of ratios: what any of the members finds likely.</summary>
    Mixture,
}

/// <summary>How a way of combining, or none, is written.</summary>
internal static class CombinationForm
{
    public static ValueForm<Combination?> Optional { get; } = new OptionalForm<Combination>(ValueForm.For<Combination>());

    public const string Help = "How the models of an ensemble are one posterior: `mean` of log ratios, or `mixture`, the mean of ratios";
}
