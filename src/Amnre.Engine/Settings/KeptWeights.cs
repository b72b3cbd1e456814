using System.Text.Json.Serialization;

namespace Amnre.Engine.Settings;

/// <summary>Which epoch's weights are the model.</summary>
[JsonConverter(typeof(EnumNameJson<KeptWeights>))]
public enum KeptWeights
{
    /// <summary>Those of the last epoch.</summary>
    Last,

    /// <summary>Those of the epoch with the lowest loss.</summary>
    Best,
}
