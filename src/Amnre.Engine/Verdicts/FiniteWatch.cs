using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;

namespace Amnre.Engine.Verdicts;

/// <summary>An estimator as it is, whose densities that are not a number, or infinite, are counted. It owns nothing.</summary>
internal sealed class FiniteWatch(IMarginalPosterior posterior) : IDirectPosterior
{
    /// <summary>Densities asked for, and those of them that are NaN or +∞; −∞ is a density of 0.</summary>
    public (long All, long Wrong) Counted { get; private set; }

    public bool DrawsDirectly => posterior is IDirectPosterior { DrawsDirectly: true };

    public bool HasFreeFactor => posterior.HasFreeFactor;

    public bool Covers(ParameterMask mask) => posterior.Covers(mask);

    public void LogDensity(ParameterMask mask, ReadOnlySpan<float> x, ReadOnlySpan<float> theta, Span<float> result)
    {
        posterior.LogDensity(mask, x, theta, result);
        var wrong = 0;
        foreach (var value in result)
            if (float.IsNaN(value) || float.IsPositiveInfinity(value)) wrong++;
        Counted = (Counted.All + result.Length, Counted.Wrong + wrong);
    }

    public void Draw(ParameterMask mask, ReadOnlySpan<float> x, ulong seed, ulong index, Span<float> theta) =>
        ((IDirectPosterior)posterior).Draw(mask, x, seed, index, theta);

    public void Dispose()
    {
    }
}
