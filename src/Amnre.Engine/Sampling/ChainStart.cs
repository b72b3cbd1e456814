using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Randomness;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Sampling;

/// <summary>Starts chains near the posterior: draws from the box of the prior, weighs each with the estimated density, and resamples,
/// so that every mode that the draws found gets its share of chains.</summary>
internal static class ChainStart
{
    /// <param name="theta">Receives (chains, |mask|).</param>
    /// <returns>The effective number of draws, (Σw)² / Σw².</returns>
    /// <exception cref="InputException">The estimate is not finite and positive anywhere in the prior.</exception>
    public static double Draw(
        ISimulator simulator, IMarginalPosterior posterior, ParameterMask mask, ReadOnlySpan<float> x, ChainSettings settings,
        ulong observation, Span<float> theta)
    {
        var size = mask.Count;
        var draws = new float[settings.Proposals * size];
        new BoxDraws(simulator, mask, settings.Seed).Fill(0, draws);
        var weights = new float[settings.Proposals];
        posterior.LogDensity(mask, x, draws, weights);
        Truncate(simulator, mask, draws, weights);
        var (sum, effective) = SystematicResampling.Exponentiate(weights);
        CheckPositive(sum);

        var random = new CounterRandom(settings.Seed, RandomPurpose.Resampling, observation);
        var chain = 0;
        foreach (var i in SystematicResampling.Indices(weights, sum, settings.Chains, random.NextDouble()))
            draws.AsSpan(i * size, size).CopyTo(theta[(chain++ * size)..]);
        ShuffleRows(ref random, theta, size);
        return effective;
    }

    /// <summary>An estimate may leave mass outside the prior's support, which need not fill its box.</summary>
    public static void Truncate(ISimulator simulator, ParameterMask mask, ReadOnlySpan<float> theta, Span<float> logDensity)
    {
        for (var i = 0; i < logDensity.Length; i++)
            if (double.IsNegativeInfinity(simulator.LogPrior(mask, theta.Slice(i * mask.Count, mask.Count))))
                logDensity[i] = float.NegativeInfinity;
    }

    public static void CheckPositive(double sum)
    {
        if (!(sum > 0) || !double.IsFinite(sum))
            throw new NoDrawsException("the estimated posterior is not positive at any of the prior's draws: the model did not train, or " +
                "the observation is not finite");
    }

    /// <summary>Resampling leaves copies side by side; the two halves of the ensemble must look alike.</summary>
    private static void ShuffleRows(ref CounterRandom random, Span<float> theta, int size)
    {
        Span<float> row = stackalloc float[size];
        for (var i = theta.Length / size - 1; i > 0; i--)
        {
            var j = (int)random.NextBelow((uint)i + 1);
            var a = theta.Slice(i * size, size);
            var b = theta.Slice(j * size, size);
            a.CopyTo(row);
            b.CopyTo(a);
            row.CopyTo(b);
        }
    }
}
