using Amnre.Engine.Masks;

namespace Amnre.Engine.Posteriors;

/// <summary>A trained estimator as a classifier of pairs (theta, x): drawn together, or independently of each other.</summary>
public interface IPairClassifier
{
    /// <summary>Whether the estimator was trained for <paramref name="mask"/>.</summary>
    bool Covers(ParameterMask mask);

    /// <summary>Whether the frozen estimator that it was trained against weighs the pairs drawn together (true), those drawn
    /// independently (false), or there is none (null).</summary>
    bool? WeighsJoint { get; }

    /// <summary>log p(theta_b | x) / p(theta_b) of each pair, by this estimator alone, and the importance weights of its
    /// training.</summary>
    /// <param name="mask">The subset b, which the estimator covers.</param>
    /// <param name="theta">(n, |b|), row-major.</param>
    /// <param name="x">(n, observation size), row-major, standardised as in training.</param>
    /// <param name="logRatio">Receives (n).</param>
    /// <param name="logFrozen">Receives (n), the frozen estimator's log ratio; untouched where there is none.</param>
    void LogRatio(ParameterMask mask, ReadOnlySpan<float> theta, ReadOnlySpan<float> x, Span<float> logRatio, Span<float> logFrozen);
}
