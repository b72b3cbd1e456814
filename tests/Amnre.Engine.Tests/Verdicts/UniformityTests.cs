using Amnre.Engine.Randomness;
using Amnre.Engine.Settings;
using Amnre.Engine.Verdicts;

namespace Amnre.Engine.Tests.Verdicts;

/// <summary>The statistics of verdicts on numbers whose distribution is known.</summary>
public sealed class UniformityTests
{
    [Fact]
    public void Uniform_numbers_exceed_chance_as_seldom_as_asked_for()
    {
        var exceeding = Enumerable.Range(0, 2000)
            .Count(k => Uniformity.Of([.. Uniform((ulong)k, 200)], 0.05, Uniformity.Levels).Excess > 0);

        // Levels share their chance, which makes them cautious.
        Assert.InRange(exceeding, 10, 125);
    }

    [Fact]
    public void Each_way_to_miss_is_found()
    {
        double[] even = [.. Enumerable.Range(0, 1000).Select(k => (k + 0.5) / 1000)];

        Assert.Equal(Miss.Mean, Uniformity.Of([.. even.Select(u => Math.Pow(u, 0.8))], 0.001).Miss);
        Assert.Equal(Miss.Spread, Uniformity.Of([.. even.Select(u => 0.5 + 0.75 * (u - 0.5))], 0.001).Miss);
        Assert.Equal(Miss.Level, Uniformity.Of([.. even.Select(u => u is > 0.9 and < 0.98 ? 0.99 : u)], 0.001, 0.95).Miss);
        Assert.Equal(0, Uniformity.Of(even, 0.001, Uniformity.Levels).Excess);
    }

    [Theory]
    [InlineData(VerdictCheck.Coverage, 0.1, 0.02, 0.1)]
    [InlineData(VerdictCheck.C2st, 0.7, 0.58, 0.7)]
    [InlineData(VerdictCheck.Total, 5, 2, 5)]
    [InlineData(VerdictCheck.Likeness, 0.005, 0.02, 0.005)]
    public void A_threshold_moves_the_warning_in_proportion(VerdictCheck check, double failing, double warn, double fail)
    {
        var limit = VerdictLimits.With(new Dictionary<VerdictCheck, double> { [check] = failing })[check];

        Assert.Equal(warn, limit.Warn, 1e-9);
        Assert.Equal(fail, limit.Fail);
        Assert.Throws<InputException>(() => VerdictLimits.With(new Dictionary<VerdictCheck, double> { [check] = -1 }));
    }

    [Fact]
    public void A_number_beyond_its_limits_warns_and_fails()
    {
        Assert.Equal([CheckOutcome.Pass, CheckOutcome.Warn, CheckOutcome.Fail, CheckOutcome.Fail],
            new[] { 0.01, 0.02, 0.3, double.NaN }.Select(new CheckLimit(0.01, 0.1).Of));
        Assert.Equal([CheckOutcome.Pass, CheckOutcome.Warn, CheckOutcome.Fail],
            new[] { 0.01, 0.005, 0 }.Select(new CheckLimit(0.01, 0.001).Of));
    }

    [Fact]
    public void An_observation_is_as_far_out_as_its_place_among_simulations()
    {
        float[] simulated = [.. Enumerable.Range(0, 4000).Select(k =>
        {
            var random = new CounterRandom(3, RandomPurpose.Predictive, (ulong)(k / 2));
            var shared = random.NextNormal();
            return (float)(k % 2 == 0 ? shared : shared + 0.1 * random.NextNormal());
        })];

        Assert.InRange(PredictiveTail.Of([0.5f, 0.45f], simulated), 0.3, 1);
        // Either value is ordinary, but not the two together.
        Assert.InRange(PredictiveTail.Of([0.6f, -0.6f], simulated), 0, 0.002);
        Assert.InRange(PredictiveTail.Of([6, 6], simulated), 0, 0.002);
        Assert.Equal(0, PredictiveTail.Of([1], [2, 2, 2]));
    }

    private static IEnumerable<double> Uniform(ulong seed, int count)
    {
        var random = new CounterRandom(seed, RandomPurpose.Rows, 0);
        for (var k = 0; k < count; k++) yield return random.NextDouble();
    }
}
