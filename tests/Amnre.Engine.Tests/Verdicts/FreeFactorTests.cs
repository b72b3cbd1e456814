using Amnre.Engine.Settings;
using Amnre.Engine.Verdicts;

namespace Amnre.Engine.Tests.Verdicts;

/// <summary>Ratios that are known up to a factor of the observation give sound posteriors, and are judged by these.</summary>
public sealed class FreeFactorTests
{
    private const int Rows = 256;
    private const ulong Seed = 5;

    private static readonly LinearStudy Study = new(3, 4, 1, 2);

    [Fact]
    public void A_factor_that_is_known_to_be_free_is_no_defect()
    {
        var checks = Case(hasFreeFactor: true).Judge(Rows, Seed);

        Assert.All(checks, check => Assert.True(check.Outcome == CheckOutcome.Pass, check.Sentence));
        Assert.DoesNotContain(checks, check => check.Check == VerdictCheck.Total);
        Assert.Contains(checks, check => check.Check == VerdictCheck.Coverage);
        Assert.Contains(Case(hasFreeFactor: false).Judge(Rows, Seed), check => check.Outcome == CheckOutcome.Fail);
    }

    [Fact]
    public void The_information_is_that_of_the_ratio_without_its_factor()
    {
        var sound = new PlantedCase("", "", Study, new NormalModel(Study)).Judge(Rows, Seed);
        var shifted = Case(hasFreeFactor: true).Judge(Rows, Seed);

        double Information(IEnumerable<CheckResult> checks) => checks.Single(check => check.Check == VerdictCheck.Information).Number;
        Assert.Equal(Information(sound), Information(shifted), 0.02);
    }

    private static PlantedCase Case(bool hasFreeFactor) => new("free factor", "", Study, new NormalModel(Study)
    {
        HasFreeFactor = hasFreeFactor,
        Say = (mask, _, x, log) => log + 3 * x[0] - 12 + 2 * mask.Bits,
    });
}
