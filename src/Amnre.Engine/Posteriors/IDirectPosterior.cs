using Amnre.Engine.Masks;

namespace Amnre.Engine.Posteriors;

/// <summary>A trained estimator that may be able to draw from its posteriors without chains.</summary>
internal interface IDirectPosterior : IMarginalPosterior
{
    bool DrawsDirectly { get; }

    /// <summary>Independent draws from p(theta_b | x); they may lie outside the prior's support.</summary>
    /// <param name="mask">The subset b, which the estimator covers.</param>
    /// <param name="x">One observation, flattened.</param>
    /// <param name="seed">Names the draws.</param>
    /// <param name="index">Which of the seed's batches of draws.</param>
    /// <param name="theta">Receives (n, |b|), row-major; its length decides n.</param>
    void Draw(ParameterMask mask, ReadOnlySpan<float> x, ulong seed, ulong index, Span<float> theta);
}
