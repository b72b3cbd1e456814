using Amnre.Engine.Inference;
using Amnre.Engine.Masks;
using Amnre.Engine.Tests.ChainRule;

namespace Amnre.Engine.Tests.Inference;

/// <summary>Draws by the chain rule and by chains agree with a posterior that is known, and so with one another.</summary>
public sealed class JointDrawsTests
{
    private const int Count = 8000;

    [Theory]
    [InlineData(true, "chain rule")]
    [InlineData(false, "chains")]
    public void Each_way_gives_the_posterior(bool marginals, string way)
    {
        var exact = new NormalEstimate(4, 0.8) { Known = mask => marginals || mask.Count == 4 };

        var drawn = JointDraws.Of(new(exact, exact, [0]), ParameterMask.Full(4), Count, 5, 0, RunContexts.Quiet);

        Assert.Equal(way, drawn.Way);
        Assert.Null(drawn.Warning);
        // As many proposals are made as are worth the draws.
        if (marginals) Assert.InRange(drawn.EffectiveSize, 0.98 * Count, Count);
        for (var k = 0; k < 4; k++)
        {
            var values = Enumerable.Range(0, Count).Select(row => (double)drawn.Theta[row * 4 + k]).Order().ToArray();
            var deviation = Math.Sqrt(exact.Covariance[k, k]);
            Assert.InRange(values.Average() - exact.Mean[k], -0.08 * deviation, 0.08 * deviation);
            // Kolmogorov and Smirnov: a fifth of a percent of honest draws lie farther off.
            Assert.InRange(Distance(values, exact.Mean[k], deviation), 0, 1.9 / Math.Sqrt(drawn.EffectiveSize / 2));
        }
    }

    [Fact]
    public void Marginals_that_contradict_the_joint_are_told_and_chains_take_over()
    {
        var estimate = new NormalEstimate(6, 0.9, sharpness: 40);
        var said = new List<string>();

        var drawn = JointDraws.Of(
            new(estimate, estimate, [0]), ParameterMask.Full(6), 500, 5, 0, RunContexts.Quiet with { Note = said.Add });

        Assert.Equal("chains", drawn.Way);
        Assert.Contains("disagree", Assert.Single(said), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Few_draws_do_not_make_the_posterior_look_narrow(bool marginals)
    {
        var exact = new NormalEstimate(3, 0.5) { Known = mask => marginals || mask.Count == 3 };

        var one = JointDraws.Described(new(exact, exact, [0]), ParameterMask.Full(3), 1, 5, 0, RunContexts.Quiet);

        Assert.Equal(3, one.Theta.Length);
        Assert.InRange(one.EffectiveSize, 0.99, 1);
        Assert.Equal(JointDraws.EnoughToDescribe * 3, one.Describing.Length);
        double[] values = [.. Enumerable.Range(0, JointDraws.EnoughToDescribe).Select(row => (double)one.Describing[row * 3])];
        var (mean, deviation) = (values.Average(), Math.Sqrt(exact.Covariance[0, 0]));
        Assert.InRange(Math.Sqrt(values.Average(value => (value - mean) * (value - mean))) / deviation, 0.9, 1.1);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(4000)]
    public void Draws_by_chains_are_worth_no_more_than_their_own_correlation_leaves(int count)
    {
        var exact = new NormalEstimate(6, 0.95) { Known = mask => mask.Count == 6 };

        // Means of many runs scatter by what the draws of one are worth.
        double[] means = [.. Enumerable.Range(0, 20).Select(seed => Draw((ulong)seed)).Select(drawn =>
            Enumerable.Range(0, count).Average(row => (double)drawn.Theta[row * 6]))];
        var (mean, variance) = (means.Average(), exact.Covariance[0, 0]);
        var worth = variance / (means.Sum(one => (one - mean) * (one - mean)) / (means.Length - 1));

        // Chi squared of 19 degrees of freedom, at 1 in 1000 on each side.
        Assert.InRange(Draw(0).EffectiveSize, worth / 2.3, worth * 2.3);

        JointDraws Draw(ulong seed) =>
            JointDraws.Of(new(exact, exact, [0]), ParameterMask.Full(6), count, seed, 0, RunContexts.Quiet);
    }

    [Fact]
    public void The_same_seed_gives_the_same_draws()
    {
        var exact = new NormalEstimate(3, 0.5);

        float[] Draw(ulong seed) => JointDraws.Of(new(exact, exact, [0]), ParameterMask.Full(3), 100, seed, 0, RunContexts.Quiet).Theta;

        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
    }

    private static double Distance(double[] sorted, double mean, double deviation)
    {
        var most = 0.0;
        for (var i = 0; i < sorted.Length; i++)
            most = Math.Max(most, Math.Abs((i + 0.5) / sorted.Length - Probability((sorted[i] - mean) / deviation)));
        return most;
    }

    /// <summary>Of a standard normal to lie below z: Abramowitz and Stegun 7.1.26.</summary>
    private static double Probability(double z)
    {
        var (x, t) = (Math.Abs(z) / Math.Sqrt(2), 1 / (1 + 0.3275911 * Math.Abs(z) / Math.Sqrt(2)));
        var tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.Exp(-x * x);
        return z > 0 ? 1 - tail / 2 : tail / 2;
    }
}
