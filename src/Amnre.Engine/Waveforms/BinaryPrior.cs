using Amnre.Engine.Distributions;
using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;

namespace Amnre.Engine.Waveforms;

/// <summary>The prior of a binary's fifteen parameters: two uniform masses in descending order, directions without preference, the
/// rest uniform.</summary>
internal static class BinaryPrior
{
    private const float LowestMass = 10, HighestMass = 80;

    private const float Pi = MathF.PI, TwoPi = 2 * MathF.PI, HalfPi = MathF.PI / 2;

    private static readonly IndependentPrior Independent = new(
        Marginal.Uniform(LowestMass, HighestMass),
        Marginal.Uniform(LowestMass, HighestMass),
        Marginal.Uniform(0, TwoPi),
        Marginal.Uniform(-0.1f, 0.1f),
        Marginal.Uniform(100, 1000),
        Marginal.Uniform(0, 0.88f),
        Marginal.Uniform(0, 0.88f),
        Marginal.Sine(0, Pi),
        Marginal.Sine(0, Pi),
        Marginal.Uniform(0, TwoPi),
        Marginal.Uniform(0, TwoPi),
        Marginal.Sine(0, Pi),
        Marginal.Uniform(0, Pi),
        Marginal.Uniform(0, TwoPi),
        Marginal.Cosine(-HalfPi, HalfPi));

    public static IReadOnlyList<float> Low => Independent.Low;

    public static IReadOnlyList<float> High => Independent.High;

    public static IReadOnlyList<string> Labels { get; } =
        ["m₁", "m₂", "φ", "t", "d", "a₁", "a₂", "θ₁", "θ₂", "φ₁₂", "φ_JL", "θ_JN", "ψ", "α", "δ"];

    public static void Draw(ref CounterRandom random, Span<float> theta)
    {
        Independent.Draw(ref random, theta);
        if (theta[0] < theta[1]) (theta[0], theta[1]) = (theta[1], theta[0]);
    }

    /// <summary>ln p(theta_b). One mass alone is the larger, or the smaller, of two uniform ones.</summary>
    /// <param name="mask">The subset b.</param>
    /// <param name="theta">One row of |b| values.</param>
    public static double LogDensity(ParameterMask mask, ReadOnlySpan<float> theta)
    {
        // Also says whether theta is inside the bounds, which the original's densities of one mass do not ask.
        var independent = Independent.LogDensity(mask, theta);
        if (double.IsNegativeInfinity(independent)) return independent;
        const double Width = HighestMass - LowestMass;
        return (mask[0], mask[1]) switch
        {
            (true, true) => theta[0] >= theta[1] ? independent + Math.Log(2) : double.NegativeInfinity,
            (true, false) => independent + Math.Log(2 * ((double)theta[0] - LowestMass) / Width),
            (false, true) => independent + Math.Log(2 * ((double)HighestMass - theta[0]) / Width),
            _ => independent,
        };
    }
}
