using Amnre.Engine.Settings;
using MathNet.Numerics.Distributions;

namespace Amnre.Engine.Verdicts;

/// <summary>Whether true values lie where the posterior says that they cannot. Of the true ratio r = p(θ | x) / p(θ) the mean of 1/r over
/// pairs (θ, x) is at most 1, so that by Markov's inequality P(r ≤ ε) ≤ ε for the truth. What is cut off far out is seen here and hardly
/// anywhere else: few truths lie there, and the check counts only these.</summary>
internal static class TailCheck
{
    /// <summary>Ratios of the truth below which truths are counted.</summary>
    private static readonly double[] Levels = [1e-1, 1e-2, 1e-3, 1e-4, 1e-6];

    public static CheckResult Of(CalibrationMeasures found, CheckLimit limit)
    {
        var sets = found.LogRatios.Where(one => one.Value.Count >= VerdictRows.Least / 4).ToList();
        var (mask, level, share, excess, rows) = sets.SelectMany(one => Levels.Select(level =>
        {
            var below = one.Value.Count(log => log <= Math.Log(level));
            // Of one posterior in 1/ChanceLevel, over all that is looked at (Bonferroni).
            var least = below == 0 ? 0 : Beta.InvCDF(below, one.Value.Count - below + 1, VerdictLimits.ChanceLevel / (sets.Count * Levels.Length));
            return (one.Key, Level: level, Share: (double)below / one.Value.Count, Excess: Math.Max(0, least - level), one.Value.Count);
        })).MaxBy(one => one.Excess);
        var name = excess > 0 ? CalibrationChecks.Name(found, mask) : "";
        return new CheckResult(VerdictCheck.Tails, excess, limit, limit.Of(excess), excess > 0
            ? FormattableString.Invariant(
                $"{share * 100:0.#} % of {rows} true values of {name} lie where the posterior is {level:0.######} times the prior or less, and at most {level * 100:0.####} % can: it is cut off where the truth may be")
            : "no more true values lie where the posterior is far below the prior than it allows");
    }
}
