using System.Text.Json.Serialization;
using Amnre.Engine.Fields;

namespace Amnre.Engine.Settings;

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
