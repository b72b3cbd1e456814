using Amnre.Engine.Settings;

namespace Amnre.Engine.Verdicts;

/// <summary>How a check ended, ascending by gravity.</summary>
public enum CheckOutcome
{
    /// <summary>Nothing speaks against the posterior.</summary>
    Pass,

    /// <summary>It may mislead.</summary>
    Warn,

    /// <summary>It misleads.</summary>
    Fail,
}

/// <summary>One check of a verdict.</summary>
/// <param name="Check">Which.</param>
/// <param name="Number">What was measured, in the unit that <see cref="VerdictLimits"/> states.</param>
/// <param name="Limit">What the number was compared with.</param>
/// <param name="Outcome">The result.</param>
/// <param name="Sentence">What was found, in plain words.</param>
public sealed record CheckResult(VerdictCheck Check, double Number, CheckLimit Limit, CheckOutcome Outcome, string Sentence);
