using Amnre.Engine.Masks;

namespace Amnre.Engine.Posteriors;

/// <summary>A trained estimator of log p(theta_b | x), whatever its family, as evaluation sees it.</summary>
public interface IMarginalPosterior : IDisposable
{
    /// <summary>Whether the estimator was trained for <paramref name="mask"/>.</summary>
    bool Covers(ParameterMask mask);

    /// <summary>Whether densities are known up to a factor of x and the subset alone: right once they are divided by their total, which
    /// itself means nothing.</summary>
    bool HasFreeFactor => false;

    /// <summary>log p(theta_b | x) for all pairs of the given observations and parameter rows.</summary>
    /// <param name="mask">The subset b.</param>
    /// <param name="x">(m, observation size), row-major, standardised where the training data has moments.</param>
    /// <param name="theta">(n, |b|), row-major.</param>
    /// <param name="result">Receives (m, n), row-major.</param>
    void LogDensity(ParameterMask mask, ReadOnlySpan<float> x, ReadOnlySpan<float> theta, Span<float> result);
}
