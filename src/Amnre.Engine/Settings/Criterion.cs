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

    /// <summary>Negative log-likelihood with a penalty on an unbalanced classifier (BNRE; Delaunoy et al. 2022).</summary>
    [JsonStringEnumMemberName("BNRE")]
    Balanced,

    /// <summary>Which of K parameters belongs to the observation (NRE-B; Durkan, Murray and Papamakarios 2020). The ratio is known up to a
    /// factor of the observation.</summary>
    [JsonStringEnumMemberName("NRE-B")]
    Multiclass,

    /// <summary>Which of K parameters belongs to the observation, or none of them (NRE-C; Miller, Weniger and Forré 2022).</summary>
    [JsonStringEnumMemberName("NRE-C")]
    Contrastive,
}
