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

/// <summary>Draws from the true posteriors of observations, by the simulator's likelihood.</summary>
public sealed record TruthSettings
{
    public required string Simulator { get; init; }

    /// <summary>First observation row.</summary>
    public required int First { get; init; }

    /// <summary>The row after the last.</summary>
    public required int Last { get; init; }

    /// <summary>The parameters of each set of draws; all sets hold parts of the same draws.</summary>
    public required IReadOnlyList<string> Masks { get; init; }

    /// <summary>Draws of each observation.</summary>
    public required int Draws { get; init; }

    /// <summary>Names the draws.</summary>
    public ulong Seed { get; init; }

    /// <summary>At most so many at once. The draws do not depend on it.</summary>
    public int Threads { get; init; } = 1;
}
