using System.Globalization;
using Amnre.Engine.Settings;

namespace Amnre.Engine.Verdicts;

/// <summary>Checks of a posterior from what was measured at its observation.</summary>
internal static class ObservationChecks
{
    public static IEnumerable<CheckResult> Of(ObservationMeasures found, IReadOnlyDictionary<VerdictCheck, CheckLimit> limits)
    {
        if (found.Likeness is { } likeness)
            yield return Result(VerdictCheck.Likeness, likeness, limits[VerdictCheck.Likeness],
                likeness < limits[VerdictCheck.Likeness].Warn
                    ? Text($"the observation is farther from simulations than {AllBut(likeness)} of them are from one another")
                    : Text($"{likeness * 100:0.#} % of simulations are as unlike the rest as the observation is"));
        if (found.Undrawn is { } reason)
        {
            yield return Result(VerdictCheck.Draws, double.NaN, VerdictLimits.EffectiveSize, reason);
            yield break;
        }

        var (effective, count) = found.Worth;
        yield return Result(VerdictCheck.Draws, effective, VerdictLimits.EffectiveSize,
            Text($"{count} draws by {found.Way} are worth {effective:0} independent ones"));
        if (found.Total is var (unit, total))
            yield return Result(VerdictCheck.Total, Math.Exp(Math.Abs(Math.Log(total))), VerdictLimits.TotalAtObservation,
                Text($"probabilities of {unit} add up to {total:0.00} instead of 1"));
        if (found.Consistency is var (name, shift))
            yield return Result(VerdictCheck.Consistency, shift, limits[VerdictCheck.Consistency],
                shift > limits[VerdictCheck.Consistency].Warn
                ? Text(
                    $"draws of all parameters are shifted by {shift * 100:0} % within the marginal of {name}: the two say different things here")
                : Text($"draws of all parameters lie within each parameter's own marginal as they should"));
        if (found.Predictive is { } predictive)
            yield return Result(VerdictCheck.Predictive, predictive, limits[VerdictCheck.Predictive],
                predictive < limits[VerdictCheck.Predictive].Warn
                    ? Text(
                        $"only {predictive * 100:0.##} % of simulations from the posterior are as far from the others as the observation is: the posterior cannot have produced it")
                    : Text($"{predictive * 100:0.#} % of simulations from the posterior are as far from the others as the observation is"));
        if (found.Ensemble is var (differs, deviation, members))
            yield return Result(VerdictCheck.Ensemble, deviation, limits[VerdictCheck.Ensemble],
                Text(
                    $"{members} models place {differs} with a deviation of {deviation:0.00} of their posteriors' widths, which is the most of all parameters"));
    }

    /// <summary>Of draws compared with reference draws by a classifier.</summary>
    public static CheckResult Reference(double accuracy, int row, IReadOnlyDictionary<VerdictCheck, CheckLimit> limits) =>
        Result(VerdictCheck.C2st, accuracy, limits[VerdictCheck.C2st], Text(
            $"a classifier tells draws of row {row} from reference draws in {accuracy * 100:0} % of the cases, and by chance in 50 %"));

    private static string AllBut(double part) => part > 0 ? Text($"all but {part * 100:0.##} %") : "all";

    private static CheckResult Result(VerdictCheck check, double number, CheckLimit limit, string sentence) =>
        new(check, number, limit, limit.Of(number), sentence);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
