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

/// <summary>The files a training reads.</summary>
/// <param name="Samples">Training dataset; null means endless simulation while training.</param>
/// <param name="Valid">Validation dataset.</param>
/// <param name="Weights">State dictionary to start from.</param>
/// <param name="Adversary">A trained model (<c>.pth</c> with its <c>.json</c> beside it) that gives importance weights.</param>
public sealed record TrainInputs(string? Samples, string? Valid = null, string? Weights = null, string? Adversary = null);
