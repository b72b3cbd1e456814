using Amnre.Engine.Simulators;

namespace Amnre.Engine.Truth;

/// <summary>Draws from the true posterior of one observation by its likelihood, with what shows that they are right.</summary>
/// <param name="Theta">(count, D), row-major.</param>
/// <param name="RHat">Largest split R-hat of a parameter or of its square, of populations that know nothing of each other: 1 where they
/// agree. Gelman and Rubin (1992), with halves.</param>
/// <param name="EffectiveSize">Of how many independent draws the worst parameter's are worth.</param>
/// <param name="LogEvidence">ln p(x), the mean of the populations.</param>
/// <param name="EvidenceError">Its standard error, from their spread.</param>
/// <param name="Sweeps">Steps of each draw at the posterior itself.</param>
internal sealed record TrueDraws(
    float[] Theta, double RHat, double EffectiveSize, double LogEvidence, double EvidenceError, int Sweeps)
{
    /// <summary>Populations that know nothing of each other.</summary>
    public const int Populations = 8;

    /// <summary>Split R-hat at most this, where draws are trusted.</summary>
    public const double MaxRHat = 1.01;

    private const int MinCount = 1024, MaxCount = 4096, MaxSweeps = 1600;

    /// <summary>Where steps do not lead between modes, their weights come of annealing, and larger populations know them better: by this
    /// factor, up to this size.</summary>
    private const int Growth = 4, LargestCount = 1 << 15;

    /// <summary>Share of independent draws that is not worth a larger population.</summary>
    private const double EnoughWorth = 0.5;

    /// <summary>The draws' correlation with what they were before, at a power below 1, and at 1; beside what chance shows.</summary>
    private const double Moved = 0.4, Forgotten = 0.03;

    private const int MinFinalSweeps = 50, MaxStageSweeps = 60;

    /// <param name="simulator">The likelihood and the prior.</param>
    /// <param name="x">One observation, flattened.</param>
    /// <param name="observation">Its index, which names its random numbers.</param>
    /// <param name="count">Draws.</param>
    /// <param name="seed">Names the draws.</param>
    /// <param name="threads">At most so many at once; the result does not depend on it.</param>
    /// <param name="stop">Checked often.</param>
    /// <exception cref="InputException">The observation is impossible under the simulator, or its likelihood infinite.</exception>
    public static TrueDraws Of(
        ITractableSimulator simulator, ReadOnlySpan<float> x, int observation, int count, ulong seed, int threads, CancellationToken stop)
    {
        var density = new PosteriorDensity(simulator, x);
        var each = Math.Clamp((count + Populations - 1) / Populations, MinCount, MaxCount);
        each += each % 2;
        for (; ; each *= Growth)
        {
            var drawn = Of(density, each, observation, count, seed, threads, stop);
            if (drawn.RHat <= MaxRHat && drawn.EffectiveSize >= EnoughWorth * count || each * Growth > LargestCount) return drawn;
        }
    }

    private static TrueDraws Of(
        PosteriorDensity density, int each, int observation, int count, ulong seed, int threads, CancellationToken stop)
    {
        var size = density.Size;
        var passes = (count + each * Populations - 1) / (each * Populations);
        var (populations, ends) = (new AnnealedPopulation[Populations], new (double Correlation, int Sweeps)[Populations]);
        var kept = new float[Populations][];
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = stop };
            Parallel.For(0, Populations, options, one =>
            {
                var index = ((ulong)(uint)observation << 8) + (ulong)one;
                var population = populations[one] = new AnnealedPopulation(density, each, seed, index, stop);
                while (population.Power < 1)
                {
                    Move(population, size, Moved, 1, MaxStageSweeps);
                    population.Advance();
                }

                ends[one] = Settle(population, size);
                kept[one] = new float[passes * each * size];
                for (var pass = 0; pass < passes; pass++)
                {
                    if (pass > 0) Move(population, size, 0, ends[one].Sweeps / 8 + 1, ends[one].Sweeps / 8 + 1);
                    population.Theta.CopyTo(kept[one].AsSpan(pass * each * size));
                }
            });
        }
        catch (AggregateException failed) when (failed.InnerExceptions.OfType<InputException>().FirstOrDefault() is { } wrong)
        {
            throw wrong;
        }

        // Taken in turn from the populations, so that any first draws are of all of them.
        var theta = new float[count * size];
        for (var i = 0; i < count; i++)
            kept[i % Populations].AsSpan(i / Populations * size, size).CopyTo(theta.AsSpan(i * size));
        var correlation = ends.Max(end => end.Correlation);
        var ancestors = populations.Sum(one => one.Ancestors);
        // Draws of one ancestor are alike as far as they remember it.
        var worth = count / (1 + correlation * correlation * Math.Max(0, count / ancestors - 1));
        var evidence = populations.Average(one => one.LogEvidence);
        var spread = Math.Sqrt(populations.Sum(one => Math.Pow(one.LogEvidence - evidence, 2)) / (Populations - 1.0) / Populations);
        return new TrueDraws(theta, SplitRHat(populations, size), worth, evidence, spread, ends.Max(end => end.Sweeps));
    }

    /// <summary>Sweeps until draws have forgotten where they were, and once more as many: what chance hides is forgotten too.</summary>
    /// <returns>Their correlation with where they were.</returns>
    private static (double Correlation, int Sweeps) Settle(AnnealedPopulation population, int size)
    {
        var before = population.Coordinates.ToArray();
        var (_, sweeps) = Move(population, size, Forgotten, MinFinalSweeps, MaxSweeps / 2);
        for (var sweep = 0; sweep < sweeps; sweep++) population.Sweep();
        return (Correlation(before, population.Coordinates, size), 2 * sweeps);
    }

    /// <summary>Sweeps until draws have forgotten where they were.</summary>
    private static (double Correlation, int Sweeps) Move(AnnealedPopulation population, int size, double goal, int least, int most)
    {
        var before = population.Coordinates.ToArray();
        for (var sweep = 1; ; sweep++)
        {
            population.Sweep();
            if (sweep < least) continue;
            // The check costs as much as sweeps of a cheap likelihood.
            if (sweep < most && sweep > 16 && sweep % 8 != 0) continue;
            var correlation = goal > 0 || sweep >= most ? Correlation(before, population.Coordinates, size) : 1;
            // What independent draws show by chance counts as nothing.
            if (correlation <= goal + 2 / Math.Sqrt(before.Length / (double)size) || sweep >= most) return (correlation, sweep);
        }
    }

    /// <summary>The largest correlation of a parameter, or of its squared distance from the mean, with what it was before.</summary>
    private static double Correlation(double[] before, ReadOnlySpan<double> after, int size)
    {
        var worst = 0.0;
        var count = before.Length / size;
        for (var d = 0; d < size; d++)
        {
            var mean = 0.0;
            for (var i = 0; i < count; i++) mean += before[i * size + d] / count;
            for (var power = 1; power <= 2; power++)
            {
                double a = 0, b = 0, aa = 0, bb = 0, ab = 0;
                for (var i = 0; i < count; i++)
                {
                    var (u, v) = (before[i * size + d] - mean, after[i * size + d] - mean);
                    if (power == 2) (u, v) = (u * u, v * v);
                    (a, b, aa, bb, ab) = (a + u, b + v, aa + u * u, bb + v * v, ab + u * v);
                }

                var scale = Math.Sqrt((aa - a * a / count) * (bb - b * b / count));
                if (scale > 0) worst = Math.Max(worst, (ab - a * b / count) / scale);
            }
        }

        return worst;
    }

    private static double SplitRHat(AnnealedPopulation[] populations, int size)
    {
        var worst = 1.0;
        for (var d = 0; d < size; d++)
        {
            for (var power = 1; power <= 2; power++)
            {
                var parts = populations.SelectMany(one => Halves(one, size, d, power)).ToList();
                var within = parts.Average(part => part.Variance);
                var centre = parts.Average(part => part.Mean);
                var between = parts.Sum(part => Math.Pow(part.Mean - centre, 2)) / (parts.Count - 1);
                var length = parts[0].Count;
                if (within > 0) worst = Math.Max(worst, Math.Sqrt((length - 1.0) / length + between / within));
            }
        }

        return worst;
    }

    private static IEnumerable<(int Count, double Mean, double Variance)> Halves(AnnealedPopulation population, int size, int d, int power)
    {
        var z = population.Coordinates;
        var values = new double[z.Length / size];
        for (var i = 0; i < values.Length; i++) values[i] = Math.Pow(z[i * size + d], power);
        var half = values.Length / 2;
        return new[] { values[..half], values[half..] }.Select(part =>
        {
            var mean = part.Average();
            return (part.Length, mean, part.Sum(value => (value - mean) * (value - mean)) / (part.Length - 1));
        });
    }
}
