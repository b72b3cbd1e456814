using Amnre.Engine.Inference;
using Amnre.Engine.Settings;

namespace Amnre.Engine.Verdicts;

/// <summary>From where on a number is warned of, and from where on it fails. Where <see cref="Fail"/> is the smaller one, small numbers are
/// the bad ones.</summary>
public sealed record CheckLimit(double Warn, double Fail)
{
    /// <summary>What a number amounts to; one that is not a number fails.</summary>
    public CheckOutcome Of(double number)
    {
        var small = Fail < Warn;
        bool Beyond(double limit) => !(small ? number >= limit : number <= limit);
        return Beyond(Fail) ? CheckOutcome.Fail : Beyond(Warn) ? CheckOutcome.Warn : CheckOutcome.Pass;
    }
}

/// <summary>The limits of all checks. Each is argued for in docs/decisions/verdicts.md, which shows how they fare on planted
/// defects.</summary>
public static class VerdictLimits
{
    /// <summary>Chance alone takes a check that is compared with it beyond its limit once in so many posteriors.</summary>
    internal const double ChanceLevel = 0.001;

    /// <summary>The defaults.</summary>
    public static IReadOnlyDictionary<VerdictCheck, CheckLimit> Defaults { get; } = new Dictionary<VerdictCheck, CheckLimit>
    {
        // Probability by which regions, ranks and distances deviate beyond chance.
        [VerdictCheck.Coverage] = new(0.01, 0.05),
        [VerdictCheck.Ranks] = new(0.01, 0.05),
        [VerdictCheck.Tarp] = new(0.01, 0.05),
        // Nats: the most that the mean log ratio of the truth can be by chance.
        [VerdictCheck.Information] = new(0, -0.5),
        // Probability by which truths are found, beyond chance, where the ratio says that they cannot be.
        [VerdictCheck.Tails] = new(0.002, 0.01),
        // Factor by which probabilities miss 1.
        [VerdictCheck.Total] = new(1.25, 2),
        // Probability by which one marginal is shifted within another.
        [VerdictCheck.Consistency] = new(0.05, 0.15),
        // Part of the densities that are no numbers.
        [VerdictCheck.Finite] = new(0, 0.001),
        // Part of the posteriors without draws, or with draws by chains though the chain rule was tried.
        [VerdictCheck.Draws] = new(0.01, 0.1),
        // Part of the simulations that are as unlike the rest.
        [VerdictCheck.Likeness] = new(PosteriorInference.MinLikeness, 0.0005),
        [VerdictCheck.Predictive] = new(0.002, 0.0006),
        // Accuracy of a classifier.
        [VerdictCheck.C2st] = new(0.6, 0.75),
        // Deviation of the members' means, in deviations of their posteriors.
        [VerdictCheck.Ensemble] = new(0.3, 1),
    };

    /// <summary>Fewer independent draws leave the ends of a 95 % interval uncertain. Vehtari et al., Rank-normalization, folding, and
    /// localization (2021), advise 400.</summary>
    internal static CheckLimit EffectiveSize { get; } = new(400, 100);

    /// <summary>One observation's total is compared with these: learned ratios vary between observations by more than their median
    /// does.</summary>
    internal static CheckLimit TotalAtObservation { get; } = new(PosteriorInference.MaxTotal, 4);

    /// <summary>The defaults with other limits: a number is where the check fails, and the warning keeps its proportion to it.</summary>
    /// <exception cref="InputException">A limit that no number of the check can be compared with.</exception>
    public static IReadOnlyDictionary<VerdictCheck, CheckLimit> With(IReadOnlyDictionary<VerdictCheck, double> failing)
    {
        var limits = new Dictionary<VerdictCheck, CheckLimit>(Defaults);
        foreach (var (check, limit) in failing) limits[check] = Scaled(check, limit);
        return limits;
    }

    private static CheckLimit Scaled(VerdictCheck check, double limit)
    {
        var own = Defaults[check];
        // C2ST is no better than chance at ½, and totals are perfect at 1: distances from there are scaled.
        var origin = check switch { VerdictCheck.C2st => 0.5, VerdictCheck.Total => 1, _ => 0 };
        var scale = (limit - origin) / (own.Fail - origin);
        return double.IsFinite(scale) && scale > 0
            ? new CheckLimit(origin + (own.Warn - origin) * scale, limit)
            : throw new InputException(FormattableString.Invariant(
                $"threshold {EnumName.Of(check)}={limit} cannot be: write a number {(own.Fail < origin ? "below" : "above")} {origin} (default {own.Fail})"));
    }
}
