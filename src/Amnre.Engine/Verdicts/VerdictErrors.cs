using Amnre.Engine.Settings;

namespace Amnre.Engine.Verdicts;

/// <summary>Checks what an evaluation asks of its verdict.</summary>
public static class VerdictErrors
{
    /// <summary>What only a measured observation, or models trained alike, can tell.</summary>
    private static readonly VerdictCheck[] AtObservations = [VerdictCheck.Likeness, VerdictCheck.Predictive, VerdictCheck.Ensemble];

    /// <summary>One validation error for each field that cannot be, or that asks for what is not measured; empty when all can.</summary>
    /// <param name="asked">What is asked.</param>
    /// <param name="compares">Whether there are reference draws of all parameters to compare with.</param>
    public static IReadOnlyList<(string Field, string Message)> Of(EvaluationVerdict asked, bool compares)
    {
        var errors = new List<(string, string)>();
        foreach (var (check, limit) in asked.Thresholds)
        {
            try
            {
                VerdictLimits.With(new Dictionary<VerdictCheck, double> { [check] = limit });
            }
            catch (InputException wrong)
            {
                errors.Add((nameof(asked.Thresholds), wrong.Message));
            }
        }

        if (asked is { IsAsked: false, Thresholds.Count: > 0 })
            errors.Add((nameof(asked.Thresholds), "thresholds are those of a verdict, and none is asked for: add verdict: true"));
        if (asked is { IsAsked: false, Data: not null })
            errors.Add((nameof(asked.Data), "verdict_data is that of a verdict, and none is asked for: add verdict: true"));
        var named = asked.Require.Select(check => (nameof(asked.Require), check))
            .Concat(asked.Thresholds.Keys.Select(check => (nameof(asked.Thresholds), check)));
        foreach (var (field, check) in named)
        {
            var name = EnumName.Of(check);
            if (AtObservations.Contains(check) && asked.Data is null)
                errors.Add((field, $"{name} is checked at a measured observation, and this verdict is of simulated rows: ask for it in " +
                    "an evaluation whose data is the observation, with verdict_data a dataset with known parameters; or leave it out"));
            if (check == VerdictCheck.C2st && !compares)
                errors.Add((field, $"{name} compares draws of all parameters with reference draws, and there are none: give reference " +
                    "draws, the mask of all parameters, and rows among those of the verdict; or leave it out"));
        }

        return EvaluationVerdict.Fields.With(asked, errors);
    }
}
