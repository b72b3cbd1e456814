using Amnre.Engine.Distributions;

namespace Amnre.Engine.Declarations;

/// <summary>A parameter and its prior, as a user declares them.</summary>
/// <param name="Label">Its display label.</param>
/// <param name="Kind"><c>uniform</c>, <c>normal</c> or <c>log_uniform</c>.</param>
/// <param name="A">Lower bound, or mean.</param>
/// <param name="B">Upper bound, or deviation.</param>
internal sealed record DeclaredParameter(string Label, string Kind, float A, float B)
{
    /// <exception cref="InputException">No such kind, or values that no prior of it has.</exception>
    public Marginal Prior() => Kind switch
    {
        "uniform" => Marginal.Uniform(A, B),
        "normal" => Marginal.Normal(A, B),
        "log_uniform" => Marginal.LogUniform(A, B),
        _ => throw new InputException($"prior '{Kind}' is unknown: use uniform, normal or log_uniform"),
    };
}
