using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Randomness;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Sampling;

/// <summary>Samples an estimated posterior by drawing from the prior's box, weighing each draw with the estimate, and resampling.
/// Independent of any mixing of chains, and as good as its effective size, which shrinks fast with the number of parameters.
/// Rubin, Using the SIR algorithm to simulate posterior distributions (1988).</summary>
internal static class ImportanceResampling
{
    /// <param name="visit">Receives resampled draws (n, |mask|), as many in all as the effective size but no fewer than the chains of the
    /// settings.</param>
    public static SamplingReport Draw(
        ISimulator simulator, IMarginalPosterior posterior, ParameterMask mask, ReadOnlySpan<float> x, ChainSettings settings,
        ulong observation, Action<ReadOnlySpan<float>> visit, CancellationToken stop)
    {
        var (size, rows) = (mask.Count, settings.Chains);
        if (settings.Kept > Array.MaxLength)
            throw new InputException($"{settings.Kept} draws are more than can be weighed at once: take fewer steps or a smaller batch");
        var draws = new BoxDraws(simulator, mask, settings.Seed);
        var weights = new float[settings.Kept];
        var theta = new float[rows * size];
        for (var first = 0; first < weights.Length; first += rows)
        {
            stop.ThrowIfCancellationRequested();
            draws.Fill((ulong)(first / rows), theta);
            posterior.LogDensity(mask, x, theta, weights.AsSpan(first, rows));
            ChainStart.Truncate(simulator, mask, theta, weights.AsSpan(first, rows));
        }

        var (sum, effective) = SystematicResampling.Exponentiate(weights);
        ChainStart.CheckPositive(sum);

        // Draws are a function of their place, so those that are needed again are made again.
        var count = (int)Math.Max(rows, Math.Round(effective));
        var offset = new CounterRandom(settings.Seed, RandomPurpose.Resampling, observation).NextDouble();
        var (block, resampled, filled) = (-1, new float[rows * size], 0);
        foreach (var i in SystematicResampling.Indices(weights, sum, count, offset))
        {
            if (i / rows != block) draws.Fill((ulong)(block = i / rows), theta);
            theta.AsSpan(i % rows * size, size).CopyTo(resampled.AsSpan(filled++ * size));
            if (filled < rows) continue;
            visit(resampled);
            filled = 0;
        }

        visit(resampled.AsSpan(0, filled * size));
        return new SamplingReport("importance", count, 1, effective, null);
    }
}
