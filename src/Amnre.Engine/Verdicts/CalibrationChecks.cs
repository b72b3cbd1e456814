using System.Globalization;
using Amnre.Engine.Masks;
using Amnre.Engine.Settings;
using MathNet.Numerics.Distributions;

namespace Amnre.Engine.Verdicts;

/// <summary>Checks of a model from what was measured on rows whose true parameters are known.</summary>
internal static class CalibrationChecks
{
    /// <summary>Deviations that a mean reaches by chance as seldom as <see cref="VerdictLimits.ChanceLevel"/>.</summary>
    private const double Deviations = 3.3;

    /// <summary>A log ratio below it says that the truth was thought impossible; how impossible, single precision decides.</summary>
    private const double Impossible = -50;

    /// <summary>Ratios of posterior to prior density below which truths are counted.</summary>
    private static readonly double[] TailLevels = [1e-1, 1e-2, 1e-3, 1e-4, 1e-6];

    public static IEnumerable<CheckResult> Of(CalibrationMeasures found, IReadOnlyDictionary<VerdictCheck, CheckLimit> limits)
    {
        yield return Finite(found, limits[VerdictCheck.Finite]);
        yield return Draws(found, limits[VerdictCheck.Draws]);
        if (found.Credibilities.Count == 0 || found.Nearer.Count == 0) yield break;
        yield return Coverage(found, limits[VerdictCheck.Coverage]);
        yield return Ranks(found, limits[VerdictCheck.Ranks]);
        yield return Tarp(found, limits[VerdictCheck.Tarp]);
        // Of ratios known up to a factor neither can be told.
        if (Informations(found).Count > 0)
        {
            yield return Information(found, limits[VerdictCheck.Information]);
            yield return Tails(found, limits[VerdictCheck.Tails]);
        }

        if (found.LogTotals.Count > 0) yield return Total(found, limits[VerdictCheck.Total]);
        if (found.Shifts.Count > 0) yield return Consistency(found, limits[VerdictCheck.Consistency]);
    }

    private static CheckResult Finite(CalibrationMeasures found, CheckLimit limit)
    {
        var (all, wrong) = found.Densities;
        var share = all > 0 ? (double)wrong / all : 0;
        return Result(VerdictCheck.Finite, share, limit, wrong == 0
            ? $"all {all} densities asked for are numbers"
            : Text($"{wrong} of {all} densities are NaN or infinite: the network overflows where parameters or observations are extreme"));
    }

    private static CheckResult Draws(CalibrationMeasures found, CheckLimit limit) =>
        Result(VerdictCheck.Draws, (double)(found.Undrawn + found.Disagreeing) / found.Rows, limit,
            (found.Undrawn, found.Disagreeing) switch
            {
                (0, 0) => $"draws were made of all {found.Rows} posteriors",
                (0, var chains) => $"of {chains} of {found.Rows} posteriors nested marginals disagree so much that only chains can draw",
                (var none, 0) => $"{none} of {found.Rows} observations are given no probability",
                var (none, chains) =>
                    $"{none} of {found.Rows} observations are given no probability, and of {chains} nested marginals disagree",
            });

    private static CheckResult Coverage(CalibrationMeasures found, CheckLimit limit)
    {
        List<(string Name, List<double> Values)> sets = [.. found.Credibilities.Where(one => one.Value.Count >= VerdictRows.Least / 4)
            .Select(one => (Name(found, one.Key), one.Value))];
        var pairs = found.Credibilities.Where(one => one.Key.Count == 2 && one.Key.Size > 2).SelectMany(one => one.Value).ToList();
        if (pairs.Count > 0) sets.Add(("pairs of parameters", pairs));
        var (name, worst, rows) = Worst(sets, Uniformity.Levels);
        var (what, by) = worst switch
        {
            { Miss: Miss.Level } => (Text(
                $"the {worst.Level * 100:0} % regions of {name} hold {(worst.Level + worst.Deviation) * 100:0} % of {rows} true values"),
                worst.Deviation < 0 ? "too narrow" : "too wide"),
            { Miss: Miss.Mean } => (Text(
                $"regions of {name} hold {Math.Abs(worst.Deviation) * 100:0} % {(worst.Deviation > 0 ? "fewer" : "more")} of {rows} true values than they say, on average"),
                worst.Deviation > 0 ? "too narrow" : "too wide"),
            _ => (Text($"regions of {name} miss what they say by up to {Math.Abs(worst.Deviation) * 100:0} % of {rows} true values"),
                worst.Miss == Miss.Spread ? "of a wrong shape" : worst.Deviation > 0 ? "too narrow on the whole" : "too wide on the whole"),
        };
        return Result(VerdictCheck.Coverage, worst.Excess, limit, worst.Excess > 0
            ? Text($"{what} (chance explains {worst.Chance * 100:0} %): the posteriors are {by}")
            : Text($"regions hold as many of {rows} true values as they say, within chance (±{worst.Chance * 100:0} %)"));
    }

    private static CheckResult Ranks(CalibrationMeasures found, CheckLimit limit)
    {
        var (name, worst, rows) = Worst([.. found.Ranks.Select(one =>
            ($"{found.Labels[one.Key.Parameter]}{(one.Key.Joint ? "" : " alone")}", one.Value))], []);
        return Result(VerdictCheck.Ranks, worst.Excess, limit, worst switch
        {
            { Excess: 0 } => Text($"true values rank evenly among draws, within chance (±{worst.Chance * 100:0} %)"),
            { Miss: Miss.Mean } => Text(
                $"posteriors of {name} are too {(worst.Deviation > 0 ? "low" : "high")}: the truth ranks at {(0.5 + worst.Deviation) * 100:0} % of the draws on average instead of 50 % (chance: ±{worst.Chance * 100:0} %)"),
            { Miss: Miss.Spread } => Text(
                $"posteriors of {name} are too {(worst.Deviation > 0 ? "narrow" : "wide")}: the truth is too {(worst.Deviation > 0 ? "seldom" : "often")} in their middle (by {Math.Abs(worst.Deviation) * 100:0} %, by chance {worst.Chance * 100:0} %)"),
            _ => Text(
                $"ranks of {name} among draws are uneven by {Math.Abs(worst.Deviation) * 100:0} % over {rows} rows (by chance {worst.Chance * 100:0} %)"),
        });
    }

    private static CheckResult Tarp(CalibrationMeasures found, CheckLimit limit)
    {
        var (name, worst, _) = Worst([.. found.Nearer.Concat(found.Together).Select(one => (one.Key, one.Value))], []);
        return Result(VerdictCheck.Tarp, worst.Excess, limit, worst.Excess switch
        {
            0 => Text($"draws lie around reference points as the truth does, within chance (±{worst.Chance * 100:0} %)"),
            _ when found.Together.ContainsKey(name) => Text(
                $"{name} do not vary together in the draws as they do in truth, by {Math.Abs(worst.Deviation) * 100:0} % (by chance {worst.Chance * 100:0} %): their correlation is wrong"),
            _ => Text(
                $"draws are not as near {name} as the truth is, by {Math.Abs(worst.Deviation) * 100:0} % (by chance {worst.Chance * 100:0} %): the posteriors do not use the observation as they should"),
        });
    }

    private static CheckResult Information(CalibrationMeasures found, CheckLimit limit)
    {
        var (names, mean, error) = Informations(found).MinBy(one => one.Mean + Deviations * one.Error)!;
        var name = names.Count > 2 ? "set of all parameters" : string.Join(" and ", names);
        return Result(VerdictCheck.Information, mean + Deviations * error, limit,
            Text(
                $"the posterior density of the true {name} is e^{mean:0.00} times the prior's on average (± {error:0.00}){(mean + Deviations * error < 0 ? ": the prior alone would say more" : "")}"));
    }

    /// <summary>What the observations tell of parameters: of each mask that was measured.</summary>
    public static IReadOnlyList<MeanInformation> Informations(CalibrationMeasures found) =>
        [.. found.LogRatios.Where(one => one.Value.Count > 1).OrderBy(one => one.Key.Count).ThenBy(one => one.Key.Bits).Select(one =>
        {
            double[] values = [.. one.Value.Select(value => Math.Max(value, Impossible))];
            var mean = values.Average();
            var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
            return new MeanInformation([.. one.Key.Indices().Select(i => found.Labels[i])], mean, Math.Sqrt(variance / values.Length));
        })];

    /// <summary>Whether true values lie where the posterior says that they cannot. Of the true ratio r = p(θ | x) / p(θ) the mean of 1/r
    /// over pairs (θ, x) is at most 1, so that by Markov's inequality P(r ≤ ε) ≤ ε for the truth. What is cut off far out is seen here and
    /// hardly anywhere else: few truths lie there, and the check counts only these.</summary>
    private static CheckResult Tails(CalibrationMeasures found, CheckLimit limit)
    {
        var sets = found.LogRatios.Where(one => one.Value.Count >= VerdictRows.Least / 4).ToList();
        // Of one posterior in 1/ChanceLevel, over all that is looked at (Bonferroni).
        var chance = VerdictLimits.ChanceLevel / (sets.Count * TailLevels.Length);
        var (mask, level, share, excess, rows) = sets.SelectMany(one => TailLevels.Select(level =>
        {
            var (all, below) = (one.Value.Count, one.Value.Count(log => log <= Math.Log(level)));
            // The least part that explains so many (Clopper and Pearson).
            var least = below == 0 ? 0 : Beta.InvCDF(below, all - below + 1, chance);
            return (one.Key, Level: level, Share: (double)below / all, Excess: Math.Max(0, least - level), all);
        })).MaxBy(one => one.Excess);
        return Result(VerdictCheck.Tails, excess, limit, excess > 0
            ? Text(
                $"{share * 100:0.#} % of {rows} true values of {Name(found, mask)} lie where the posterior is {level:0.######} times the prior or less, and at most {level * 100:0.####} % can: it is cut off where the truth may be")
            : "no more true values lie where the posterior is far below the prior than it allows");
    }

    private static CheckResult Total(CalibrationMeasures found, CheckLimit limit)
    {
        var (name, median) = found.LogTotals.Where(one => one.Value.Count >= VerdictRows.Least / 4)
            .Select(one => (Name(found, one.Key), one.Value.Order().ElementAt(one.Value.Count / 2)))
            .MaxBy(one => Math.Abs(one.Item2));
        return Result(VerdictCheck.Total, Math.Exp(Math.Abs(median)), limit,
            Text($"probabilities of {name} add up to {Math.Exp(median):0.00} instead of 1, in the middle of all rows"));
    }

    private static CheckResult Consistency(CalibrationMeasures found, CheckLimit limit)
    {
        var (name, shift) = found.Shifts.Where(one => one.Value.Count >= VerdictRows.Least / 4).SelectMany(one => new[]
        {
            (Name(found, one.Key), Beyond(one.Value.Select(row => (row.Mean, row.Variance)))),
            (Name(found, one.Key), Beyond(one.Value.Select(row => (row.Spread, row.Variance)))),
        }).MaxBy(one => one.Item2);
        return Result(VerdictCheck.Consistency, shift, limit, shift < limit.Warn
            ? Text(
                $"nested marginals agree: draws of all parameters are shifted by {shift * 100:0} % within the marginal of {name}, which is the most")
            : Text(
                $"draws of all parameters are shifted by {shift * 100:0} % within the marginal of {name}, typically: the two say different things"));

        // Of the mean square, chance explains the variance.
        static double Beyond(IEnumerable<(double Shift, double Variance)> rows) =>
            Math.Sqrt(Math.Max(0, rows.Average(row => row.Shift * row.Shift - row.Variance)));
    }

    private static (string Name, Nonuniformity Worst, int Rows) Worst(
        List<(string Name, List<double> Values)> sets, double[] levels) =>
        sets.Select(set => (set.Name, Miss: Uniformity.Of(set.Values, VerdictLimits.ChanceLevel / sets.Count, levels), set.Values.Count))
            .MaxBy(set => (set.Miss.Excess, -set.Miss.Chance));

    private static string Name(CalibrationMeasures found, ParameterMask mask) =>
        mask.Count == mask.Size && mask.Size > 1
            ? "all parameters together"
            : string.Join(" and ", mask.Indices().Select(i => found.Labels[i]));

    private static CheckResult Result(VerdictCheck check, double number, CheckLimit limit, string sentence) =>
        new(check, number, limit, limit.Of(number), sentence);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
