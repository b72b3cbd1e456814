using Amnre.Engine.Draws;
using MathNet.Numerics.Distributions;

namespace Amnre.Engine.Verdicts;

/// <summary>How numbers in [0, 1] miss the uniform distribution.</summary>
internal enum Miss
{
    /// <summary>They are too small or too large on average.</summary>
    Mean,

    /// <summary>They keep too near to ½, or too far from it.</summary>
    Spread,

    /// <summary>They are unevenly distributed in another way.</summary>
    Shape,

    /// <summary>Too many or too few are below a level.</summary>
    Level,
}

/// <summary>One way in which numbers miss the uniform distribution.</summary>
/// <param name="Miss">The way.</param>
/// <param name="Deviation">By how much, as a probability; negative where they are too small on the whole, or too near to
/// ½.</param>
/// <param name="Chance">How large it is by chance, at the level asked for.</param>
/// <param name="Level">The level, in <see cref="Miss.Level"/>.</param>
internal sealed record Nonuniformity(Miss Miss, double Deviation, double Chance, double Level = 0)
{
    /// <summary>What chance leaves unexplained.</summary>
    public double Excess => Math.Max(0, Math.Abs(Deviation) - Chance);
}

/// <summary>Compares numbers in [0, 1] with the uniform distribution: ranks, credibilities and fractions have it where a posterior is
/// right.</summary>
internal static class Uniformity
{
    /// <summary>Credibilities that are asked for most.</summary>
    public static readonly double[] Levels = [0.5, 0.68, 0.9, 0.95];

    /// <param name="numbers">In [0, 1].</param>
    /// <param name="chance">Probability that uniform numbers are said to miss by more than chance, over all ways.</param>
    /// <param name="levels">Levels below which numbers are counted.</param>
    /// <returns>The way with the largest excess.</returns>
    public static Nonuniformity Of(IReadOnlyList<double> numbers, double chance, params double[] levels)
    {
        var (count, each) = (numbers.Count, chance / (3 + levels.Length));
        // A uniform number deviates by 1/√12, and so does its distance from ½, doubled.
        var beyond = Normal.InvCDF(0, 1, 1 - each / 2);
        var moment = beyond / Math.Sqrt(12.0 * count);
        List<Nonuniformity> ways =
        [
            new(Miss.Mean, numbers.Average() - 0.5, moment),
            new(Miss.Spread, numbers.Average(u => Math.Abs(2 * u - 1)) - 0.5, moment),
            // Kolmogorov: P(D > d) ≈ 2 exp(−2 n d²).
            new(Miss.Shape, (numbers.Average() < 0.5 ? -1 : 1) * RandomPointCoverage.Deviation([.. numbers]),
                Math.Sqrt(Math.Log(2 / each) / (2 * count))),
        ];
        ways.AddRange(levels.Select(level => AtLevel(numbers, level, each)));
        return ways.MaxBy(way => way.Excess)!;
    }

    /// <summary>Part of the numbers up to a level, with the binomial's own bounds: near 0 and 1 it is not normal.</summary>
    private static Nonuniformity AtLevel(IReadOnlyList<double> numbers, double level, double chance)
    {
        var (count, below) = (numbers.Count, numbers.Count(u => u <= level));
        var deviation = (double)below / count - level;
        var outermost = (int)Math.Round(level * count);
        var step = deviation < 0 ? -1 : 1;
        // The last count that chance still reaches on this side.
        while (outermost + step >= 0 && outermost + step <= count && Tail(outermost + step) >= chance / 2) outermost += step;
        return new(Miss.Level, deviation, Math.Abs((double)outermost / count - level), level);

        double Tail(int k) => step < 0 ? Binomial.CDF(level, count, k) : 1 - Binomial.CDF(level, count, k - 1);
    }
}
