using Amnre.Engine.Settings;

namespace Amnre.Engine.Tests.Verdicts;

/// <summary>What verdicts see, and what they do not cry over. Limits were chosen on other seeds.</summary>
public sealed class PlantedDefectsTests(ITestOutputHelper output)
{
    private const int Rows = 384;

    /// <summary>Limits were chosen on seed 1.</summary>
    private const ulong Seed = 20;

    [Fact]
    public void Planted_defects_are_flagged()
    {
        List<PlantedCase> planted = [.. PlantedDefects.Of(Seed)];
        var unseen = planted.Where((one, k) => !Flagged(one, Seed + (ulong)k)).ToList();

        Assert.InRange(planted.Count, 20, int.MaxValue);
        // One of twenty may escape.
        Assert.True(unseen.Count <= planted.Count / 20, string.Join("; ", unseen.Select(one => $"{one.Name} {one.Strength}")));
    }

    [Fact]
    public void Sound_posteriors_are_not_flagged()
    {
        List<PlantedCase> sound = [.. SoundPosteriors.Of(Seed)];
        var blamed = sound.Where((one, k) => Flagged(one, 100 * Seed + (ulong)k)).ToList();

        Assert.Equal(20, sound.Count);
        Assert.True(blamed.Count <= 1, string.Join("; ", blamed.Select(one => one.Strength)));
    }

    /// <summary>Tails that are cut where 3 % of true values lie are seen by nothing else.</summary>
    [Fact]
    public void Cut_tails_are_seen_by_the_tails()
    {
        var cut = PlantedDefects.Of(Seed).Last(one => one.Name == "tails cut");

        var flagged = cut.Judge(Rows, Seed).Where(check => check.Outcome != Engine.Verdicts.CheckOutcome.Pass);

        Assert.Equal(VerdictCheck.Tails, Assert.Single(flagged).Check);
    }

    private bool Flagged(PlantedCase one, ulong seed)
    {
        var checks = one.Judge(Rows, seed);
        output.WriteLine(one.Line(checks));
        return checks.Any(check => check.Outcome != Engine.Verdicts.CheckOutcome.Pass);
    }
}
