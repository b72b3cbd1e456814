using System.Text.Json.Serialization;

namespace Amnre.Engine.Settings;

/// <summary>How the learning rate follows the epochs.</summary>
[JsonConverter(typeof(EnumNameJson<Schedule>))]
public enum Schedule
{
    /// <summary>Lower when the loss no longer falls.</summary>
    Plateau,

    /// <summary>Lower by a factor after each epoch.</summary>
    [JsonStringEnumMemberName("exp")]
    Exponential,

    /// <summary>Half a cosine.</summary>
    Cosine,
}
