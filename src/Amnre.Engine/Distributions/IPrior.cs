using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;

namespace Amnre.Engine.Distributions;

/// <summary>A distribution of parameters on a bounded support, with the exact density of each subset of them.</summary>
public interface IPrior
{
    /// <summary>Lower bounds of the support (inclusive).</summary>
    IReadOnlyList<float> Low { get; }

    /// <summary>Upper bounds of the support (exclusive).</summary>
    IReadOnlyList<float> High { get; }

    /// <summary>Whether cells and axes of a parameter are logarithmic.</summary>
    bool IsLogarithmic(int parameter);

    /// <summary>One draw, the same bits on every machine.</summary>
    /// <param name="random">The row's random numbers.</param>
    /// <param name="theta">Receives D values.</param>
    void Draw(ref CounterRandom random, Span<float> theta);

    /// <summary>log p(theta_b), −∞ outside the support.</summary>
    /// <param name="mask">The subset b.</param>
    /// <param name="theta">One row of |b| values.</param>
    double LogDensity(ParameterMask mask, ReadOnlySpan<float> theta);
}
