using Amnre.Engine.Evaluation;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Simulators;
using Amnre.Engine.Verdicts;

namespace Amnre.Engine.Tests.Verdicts;

/// <summary>A posterior, sound or with a planted defect, and an observation.</summary>
/// <param name="Name">The defect.</param>
/// <param name="Strength">How strong it is.</param>
/// <param name="Study">The simulator.</param>
/// <param name="Model">What is judged.</param>
/// <param name="Change">Changes the observation before anything sees it.</param>
internal sealed record PlantedCase(
    string Name, string Strength, ISimulator Study, IMarginalPosterior Model, Func<float[], float[]>? Change = null)
{
    /// <summary>All checks, of rows and of one observation that is none of them.</summary>
    public IReadOnlyList<CheckResult> Judge(int rows, ulong seed)
    {
        var (theta, x) = (new float[rows * Study.ThetaSize], new float[rows * Study.ObservationSize]);
        Study.Sample(seed, 0, theta, x);
        var measures = CalibrationMeasurement.Of(Study, Model, theta, x, seed, RunContexts.Quiet);
        var observed = new float[Study.ObservationSize];
        Study.Sample(seed, rows, new float[Study.ThetaSize], observed);
        if (Change is not null) observed = Change(observed);
        var at = ObservationMeasurement.Of(
            Study, Model, [], observed, [observed], Likeness.Of(Study, null), 0, seed, RunContexts.Quiet);
        return [.. CalibrationChecks.Of(measures, VerdictLimits.Defaults), .. ObservationChecks.Of(at, VerdictLimits.Defaults)];
    }

    /// <summary>A line of the table: the defect, the gravest checks with their numbers.</summary>
    public string Line(IReadOnlyList<CheckResult> checks)
    {
        var seen = checks.Where(check => check.Outcome != CheckOutcome.Pass).OrderByDescending(check => check.Outcome);
        return $"| {Name} | {Strength} | {string.Join(", ", seen.Select(check =>
            FormattableString.Invariant($"{EnumName.Of(check.Check)} {check.Number:0.###} {EnumName.Of(check.Outcome)}")))} |";
    }
}
