using System.Text.Json.Serialization;

namespace Amnre.Engine.Settings;

/// <summary>Losses of ratios.</summary>
[JsonConverter(typeof(EnumNameJson<Criterion>))]
public enum Criterion
{
    /// <summary>Negative log-likelihood.</summary>
    [JsonStringEnumMemberName("NLL")]
    NegativeLogLikelihood,

    /// <summary>Focal (Lin et al. 2017).</summary>
    [JsonStringEnumMemberName("FL")]
    Focal,

    /// <summary>Peripheral.</summary>
    [JsonStringEnumMemberName("PL")]
    Peripheral,

    /// <summary>Quadratic score.</summary>
    [JsonStringEnumMemberName("QS")]
    QuadraticScore,
}
