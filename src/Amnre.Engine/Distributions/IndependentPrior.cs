using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;

namespace Amnre.Engine.Distributions;

/// <summary>A prior of independent parameters.</summary>
public sealed class IndependentPrior : IPrior
{
    private readonly Marginal[] _marginals;

    /// <param name="marginals">One for each parameter, in their order.</param>
    public IndependentPrior(params IReadOnlyList<Marginal> marginals)
    {
        _marginals = [.. marginals];
        Low = [.. _marginals.Select(marginal => marginal.Low)];
        High = [.. _marginals.Select(marginal => marginal.High)];
    }

    public IReadOnlyList<float> Low { get; }

    public IReadOnlyList<float> High { get; }

    /// <summary>Whether the prior of a parameter is declared in its logarithm.</summary>
    public bool IsLogarithmic(int parameter) => _marginals[parameter].IsLogarithmic;

    /// <summary>Every parameter uniform, between bounds of its own.</summary>
    public static IndependentPrior Uniform(IReadOnlyList<float> low, IReadOnlyList<float> high) =>
        new([.. low.Zip(high, Marginal.Uniform)]);

    /// <param name="random">The row's random numbers.</param>
    /// <param name="theta">Receives D values.</param>
    public void Draw(ref CounterRandom random, Span<float> theta)
    {
        for (var i = 0; i < _marginals.Length; i++) theta[i] = _marginals[i].Draw(ref random);
    }

    /// <summary>log p(theta_b), −∞ outside the support.</summary>
    /// <param name="mask">The subset b.</param>
    /// <param name="theta">One row of |b| values.</param>
    public double LogDensity(ParameterMask mask, ReadOnlySpan<float> theta)
    {
        var sum = 0.0;
        for (int parameter = 0, k = 0; parameter < mask.Size; parameter++)
            if (mask[parameter]) sum += _marginals[parameter].LogDensity(theta[k++]);
        return sum;
    }
}
