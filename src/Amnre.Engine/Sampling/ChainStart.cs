using Amnre.Engine.Estimators;
using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Sampling;

/// <summary>Starts chains near the posterior: draws from the prior, weighs each with the estimated ratio, and resamples
/// systematically (Kitagawa 1996), so that every mode that the draws found gets its share of chains.</summary>
internal static class ChainStart
{
    /// <param name="theta">Receives (chains, D).</param>
    /// <returns>The effective number of draws, (Σw)² / Σw².</returns>
    /// <exception cref="InputException">The estimate is not finite and positive anywhere in the prior.</exception>
    public static double Draw(
        ISimulator simulator, IMarginalPosterior posterior, ReadOnlySpan<float> x, ChainSettings settings, ulong observation,
        Span<float> theta)
    {
        var size = simulator.ThetaSize;
        var full = ParameterMask.Full(size);
        var draws = PriorDraws(simulator, settings);
        var weights = new float[settings.Proposals];
        posterior.LogDensity(full, x, draws, weights);
        for (var i = 0; i < weights.Length; i++)
            weights[i] -= (float)simulator.LogPrior(full, draws.AsSpan(i * size, size));

        var (sum, effective) = Exponentiate(weights);
        if (!(sum > 0) || !double.IsFinite(sum))
            throw new InputException("the estimated posterior is not positive at any of the prior's draws: the model did not train, or the observation is not finite");

        var random = new CounterRandom(settings.Seed, RandomPurpose.Resampling, observation);
        var step = sum / settings.Chains;
        var position = random.NextDouble() * step;
        var cumulated = 0.0;
        var chain = 0;
        for (var i = 0; i < weights.Length && chain < settings.Chains; i++)
        {
            cumulated += weights[i];
            for (; chain < settings.Chains && position < cumulated; chain++, position += step)
                draws.AsSpan(i * size, size).CopyTo(theta[(chain * size)..]);
        }

        // Rounding may leave the last positions just beyond the sum.
        for (; chain < settings.Chains; chain++) theta[((chain - 1) * size)..(chain * size)].CopyTo(theta[(chain * size)..]);
        ShuffleRows(ref random, theta, size);
        return effective;
    }

    private static float[] PriorDraws(ISimulator simulator, ChainSettings settings)
    {
        var size = simulator.ThetaSize;
        var draws = new float[settings.Proposals * size];
        simulator.Sample(settings.Seed, 0, draws, new float[settings.Proposals * simulator.ObservationSize]);
        return draws;
    }

    private static (double Sum, double Effective) Exponentiate(float[] logWeights)
    {
        var most = float.NegativeInfinity;
        foreach (var value in logWeights)
            if (value > most) most = value;
        double sum = 0, squares = 0;
        for (var i = 0; i < logWeights.Length; i++)
        {
            var weight = MathF.Exp(logWeights[i] - most);
            logWeights[i] = float.IsFinite(weight) ? weight : 0;
            sum += logWeights[i];
            squares += (double)logWeights[i] * logWeights[i];
        }

        return (sum, sum * sum / squares);
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
