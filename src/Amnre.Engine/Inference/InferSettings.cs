using Amnre.Engine.Settings;

namespace Amnre.Engine.Inference;

/// <summary>What is asked about measured observations.</summary>
public sealed record InferSettings
{
    /// <summary>Draws of each posterior unless told otherwise.</summary>
    public const int DefaultDraws = 4000;

    /// <summary>Draws of each posterior.</summary>
    public int Draws { get; init; } = DefaultDraws;

    /// <summary>Names the random numbers: the same seed gives the same draws.</summary>
    public ulong Seed { get; init; }

    /// <summary>The sets of parameters drawn together, such as <c>11000</c> or <c>=1</c> for each alone; none for all that are not
    /// given.</summary>
    public IReadOnlyList<string> Masks { get; init; } = [];

    /// <summary>Values of parameters that the posterior is conditioned on, by their labels or their places from 0.</summary>
    public IReadOnlyDictionary<string, float> Given { get; init; } = new Dictionary<string, float>();

    /// <summary>Values of parameters in nested models: the observation's Bayes factor for each against the model in which the parameter is
    /// free.</summary>
    public IReadOnlyList<(string Name, float Value)> BayesFactors { get; init; } = [];

    /// <summary>How the models of an ensemble are one posterior; null for one model.</summary>
    public Combination? Combine { get; init; }

    /// <summary>CPU threads; 0 for all.</summary>
    public int Threads { get; init; }

    /// <summary><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public ComputeDevice Device { get; init; } = ComputeDevice.Cpu;

    /// <summary>Figures of the first so many observations.</summary>
    public int Figures { get; init; } = 10;
}

/// <summary>The files that an inference reads.</summary>
/// <param name="Model">Weights of a trained model (<c>.pth</c>) with their settings (<c>.json</c>) beside them.</param>
/// <param name="Observations">Measured observations: <c>.csv</c>, <c>.txt</c>, <c>.npy</c>, <c>.npz</c>, <c>.json</c> or
/// <c>.h5</c>.</param>
/// <param name="Key">Which array of the observations' file; null for <c>x</c>, or the only one.</param>
/// <param name="Simulator">A simulator instead of the one that the model's settings name.</param>
public sealed record InferInputs(string Model, string Observations, string? Key, string? Simulator)
{
    /// <summary>Further models of an ensemble.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];
}
