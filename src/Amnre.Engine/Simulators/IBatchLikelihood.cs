namespace Amnre.Engine.Simulators;

/// <summary>A likelihood that is cheaper for many parameters at once.</summary>
internal interface IBatchLikelihood : ITractableSimulator
{
    /// <summary>log p(x | theta) of each row; equal to <see cref="ITractableSimulator.LogLikelihood"/>.</summary>
    /// <param name="theta">(n, D), row-major.</param>
    /// <param name="x">One observation, flattened.</param>
    /// <param name="result">Receives n values.</param>
    void LogLikelihoods(ReadOnlySpan<float> theta, ReadOnlySpan<float> x, Span<double> result);
}
