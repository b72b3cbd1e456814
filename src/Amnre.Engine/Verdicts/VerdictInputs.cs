namespace Amnre.Engine.Verdicts;

/// <summary>The files that a verdict reads.</summary>
/// <param name="Model">Weights of a trained model (<c>.pth</c>) with their settings (<c>.json</c>) beside them.</param>
/// <param name="Data">A dataset of simulations with their true parameters, which the model was not trained on.</param>
/// <param name="Observations">Measured observations; null for none.</param>
/// <param name="Key">Which array of their file; null for <c>x</c>, or the only one.</param>
/// <param name="Reference">Draws that are known to be right, of rows of the dataset; null for none.</param>
/// <param name="Ensemble">Models that were trained alike.</param>
/// <param name="Simulator">A simulator instead of the one that the model's settings name.</param>
public sealed record VerdictInputs(
    string Model, string Data, string? Observations, string? Key, string? Reference, IReadOnlyList<string> Ensemble, string? Simulator)
{
    /// <summary>Whether the report says where the files lie. Reports of jobs do not: their bytes are the same in every store.</summary>
    public bool NamesFiles { get; init; } = true;
}
