using Amnre.Engine.Settings;

namespace Amnre.Engine.Verdicts;

/// <summary>What is asked of a verdict.</summary>
public sealed record VerdictSettings
{
    /// <summary>Rows of the dataset that the model is measured on, at least <see cref="VerdictRows.Least"/>; fewer where it has
    /// fewer.</summary>
    public int Rows { get; init; } = VerdictRows.Default;

    /// <summary>Names the random numbers: the same seed gives the same verdict.</summary>
    public ulong Seed { get; init; }

    /// <summary>Where checks fail, other than by default.</summary>
    public IReadOnlyDictionary<VerdictCheck, double> Thresholds { get; init; } = new Dictionary<VerdictCheck, double>();

    /// <summary>Judge the model and the ensemble's others as one posterior; null to judge the model alone.</summary>
    public Combination? Combine { get; init; }

    /// <summary>CPU threads; 0 for all.</summary>
    public int Threads { get; init; }

    /// <summary><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public ComputeDevice Device { get; init; } = ComputeDevice.Cpu;
}

/// <summary>The files that a verdict reads.</summary>
/// <param name="Model">Weights of a trained model (<c>.pth</c>) with their settings (<c>.json</c>) beside them.</param>
/// <param name="Data">A dataset of simulations with their true parameters, which the model was not trained on.</param>
/// <param name="Observations">Measured observations; null for none.</param>
/// <param name="Key">Which array of their file; null for <c>x</c>, or the only one.</param>
/// <param name="Reference">Draws that are known to be right, of rows of the dataset; null for none.</param>
/// <param name="Ensemble">Models that were trained alike.</param>
/// <param name="Simulator">A simulator instead of the one that the model's settings name.</param>
public sealed record VerdictInputs(
    string Model, string Data, string? Observations, string? Key, string? Reference, IReadOnlyList<string> Ensemble, string? Simulator);
