using Amnre.Engine.Settings;

namespace Amnre.Engine.Verdicts;

/// <summary>Whether a model's posteriors can be trusted.</summary>
/// <param name="Rows">Rows that the model was measured on.</param>
/// <param name="Checks">Of the model.</param>
/// <param name="Observations">Of its posteriors at observations.</param>
/// <param name="Information">How much the observations tell of parameters, single ones, pairs and all.</param>
public sealed record Verdict(
    int Rows, IReadOnlyList<CheckResult> Checks, IReadOnlyList<ObservationVerdict> Observations, IReadOnlyList<MeanInformation> Information)
{
    /// <summary>The gravest outcome of all checks.</summary>
    public CheckOutcome Outcome => All.Select(check => check.Outcome).DefaultIfEmpty(CheckOutcome.Pass).Max();

    private IEnumerable<CheckResult> All => Checks.Concat(Observations.SelectMany(one => one.Checks));

    /// <summary>Those of the required checks that failed, or that could not be made.</summary>
    public IReadOnlyList<VerdictCheck> Failed(IEnumerable<VerdictCheck> required) =>
        [.. required.Distinct().Where(check => All.Where(one => one.Check == check).Select(one => one.Outcome)
            .DefaultIfEmpty(CheckOutcome.Fail).Max() == CheckOutcome.Fail)];
}

/// <summary>Whether the posterior of one observation can be trusted.</summary>
/// <param name="Index">The observation's place in its file.</param>
/// <param name="Checks">Of this posterior.</param>
public sealed record ObservationVerdict(int Index, IReadOnlyList<CheckResult> Checks)
{
    /// <summary>The gravest outcome.</summary>
    public CheckOutcome Outcome => Checks.Select(check => check.Outcome).DefaultIfEmpty(CheckOutcome.Pass).Max();
}

/// <summary>What observations tell of some parameters, over a dataset.</summary>
/// <param name="Names">The parameters.</param>
/// <param name="Mean">Mean log ratio of posterior to prior density at the truth, in nats: the mutual information where the model is
/// right.</param>
/// <param name="Error">Standard error of the mean.</param>
public sealed record MeanInformation(IReadOnlyList<string> Names, double Mean, double Error);
