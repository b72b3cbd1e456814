using Amnre.Engine.Catalog;
using Amnre.Engine.ChainRule;
using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Sampling;

namespace Amnre.Engine.Tests.ChainRule;

public sealed class ChainRuleSamplerTests
{
    private const int Count = 20_000;

    [Theory]
    [InlineData(1, 0, 0.99)]
    [InlineData(2, 0.95, 0.9)]
    [InlineData(5, 0.8, 0.85)]
    [InlineData(8, 0.9, 0.85)]
    public void Draws_have_the_moments_of_the_joint(int size, double correlation, double efficiency)
    {
        var exact = new NormalEstimate(size, correlation);
        var mask = ParameterMask.Full(size);

        var (theta, weights, effective) = Draw(exact, exact, mask);

        Assert.InRange(effective, efficiency * Count, Count);
        Close(exact.Mean, exact.Covariance, theta, weights, effective);
    }

    /// <summary>Grids that the first draws lay out take fewer evaluations, and lose nothing of the effective size that the tests above
    /// want.</summary>
    [Theory]
    [InlineData(2, 0.95)]
    [InlineData(8, 0.9)]
    [InlineData(8, 0)]
    public void The_first_draws_save_evaluations_of_the_others(int size, double correlation)
    {
        var exact = new NormalEstimate(size, correlation);

        var sampler = ChainRuleSampler.Of(new(exact, exact, [0]), ParameterMask.Full(size), ChainRuleGrid.Default)!;

        sampler.Draw(0, Count, 3, 0, RunContexts.Quiet);

        // 8 for each parameter but the first, which is shared, instead of 14, and 1 for the weight.
        Assert.InRange(sampler.Evaluations / (double)Count, 8 * (size - 1) + 1, 8.5 * (size - 1) + 1);
    }

    /// <summary>6 knots of each parameter but the first tell that there is nothing to refine, and 1 evaluation gives the weight.</summary>
    [Fact]
    public void An_observation_that_tells_nothing_costs_no_refined_grids()
    {
        var simulator = SimulatorCatalog.Find("HH");
        var sampler = ChainRuleSampler.Of(
            new(simulator, new PriorEstimate(), [0]), ParameterMask.Full(simulator.ThetaSize), ChainRuleGrid.Default)!;

        var (_, weights) = sampler.Draw(0, Count, 3, 0, RunContexts.Quiet);

        Assert.InRange(sampler.Evaluations / (double)Count, 43, 45);
        Assert.All(weights, weight => Assert.Equal(weights[0], weight, 1e-3));
    }

    /// <summary>A regression says nothing of θ₂ ~ N(2 θ₁² − ½, 0.3²): its grids cost draws at the most.</summary>
    [Fact]
    public void Dependence_that_no_line_describes_is_drawn_truly()
    {
        var banana = new BananaEstimate();
        var sampler = ChainRuleSampler.Of(new(banana, banana, [0]), ParameterMask.Full(2), ChainRuleGrid.Default)!;

        var (theta, weights) = sampler.Draw(0, Count, 3, 0, RunContexts.Quiet);

        var (_, effective) = SystematicResampling.Exponentiate(weights);
        Assert.InRange(effective, 0.2 * Count, Count);
        // Var θ₂ = 4 Var θ₁² + 0.09 with Var θ₁² = 2 · 0.25².
        Close([0, 0], new[,] { { 0.25, 0 }, { 0, 0.59 } }, theta, weights, effective);
    }

    [Theory]
    [InlineData(0.7)]
    [InlineData(1.6)]
    public void Marginals_that_disagree_with_the_joint_cost_draws_but_not_truth(double sharpness)
    {
        var estimate = new NormalEstimate(5, 0.7, sharpness);

        var (theta, weights, effective) = Draw(estimate, estimate, ParameterMask.Full(5));

        Assert.InRange(effective, 0.02 * Count, 0.97 * Count);
        Close(estimate.Mean, estimate.Covariance, theta, weights, effective);
    }

    [Fact]
    public void Conditionals_are_drawn_from_the_marginals_of_the_unions()
    {
        var exact = new NormalEstimate(6, 0.9);
        var given = ParameterMask.Parse("010001");
        float[] values = [(float)exact.Mean[1] + 0.1f, (float)exact.Mean[5] - 0.2f];
        using var conditional = new ConditionalPosterior(exact, given, values, divided: false);

        var (theta, weights, effective) = Draw(exact, conditional, ParameterMask.Parse("101110"));

        var (mean, covariance) = exact.Given([0, 2, 3, 4], [1, 5], values);
        Close(mean, covariance, theta, weights, effective);
    }

    [Fact]
    public void An_order_is_found_among_listed_subsets()
    {
        string[] listed = ["0010", "0110", "1110", "1111", "1000"];
        var estimate = new NormalEstimate(4, 0.5) { Known = mask => listed.Contains(mask.ToString()) };

        Assert.Equal([2, 1, 0, 3], NestedOrder.Find(estimate, ParameterMask.Full(4), [0, 1, 2, 3])!);
        Assert.Null(NestedOrder.Find(estimate, ParameterMask.Parse("1100"), [0, 1]));
    }

    [Fact]
    public void A_draw_depends_on_its_own_number_alone()
    {
        var exact = new NormalEstimate(3, 0.5);
        var sampler = ChainRuleSampler.Of(new(exact, exact, [0]), ParameterMask.Full(3), ChainRuleGrid.Default)!;

        var few = sampler.Draw(0, 10, 1, 0, RunContexts.Quiet);
        var many = sampler.Draw(0, 500, 1, 0, RunContexts.Quiet);

        Assert.Equal(few.Theta, many.Theta[..30]);
        var later = sampler.Draw(100, 400, 1, 0, RunContexts.Quiet);
        Assert.Equal(many.Theta[300..], later.Theta);
        Assert.Equal(many.LogWeights[100..], later.LogWeights);
    }

    private static (float[] Theta, float[] Weights, double Effective) Draw(NormalEstimate simulator, IMarginalPosterior posterior,
        ParameterMask mask)
    {
        var sampler = ChainRuleSampler.Of(new(simulator, posterior, [0]), mask, ChainRuleGrid.Default)!;
        var (theta, weights) = sampler.Draw(0, Count, 3, 0, RunContexts.Quiet);
        var (_, effective) = SystematicResampling.Exponentiate(weights);
        return (theta, weights, effective);
    }

    /// <summary>Moments within five standard errors.</summary>
    private static void Close(double[] mean, double[,] covariance, float[] theta, float[] weights, double effective)
    {
        var size = mean.Length;
        var sum = weights.Sum(weight => (double)weight);
        double Average(Func<int, double> of) => Enumerable.Range(0, weights.Length).Sum(row => weights[row] * of(row)) / sum;
        for (var i = 0; i < size; i++)
        {
            var error = 5 * Math.Sqrt(covariance[i, i] / effective);
            Assert.InRange(Average(row => theta[row * size + i]) - mean[i], -error, error);
            for (var j = 0; j <= i; j++)
            {
                var scale = Math.Sqrt(covariance[i, i] * covariance[j, j]);
                var found = Average(row => (theta[row * size + i] - mean[i]) * (theta[row * size + j] - mean[j]));
                Assert.InRange((found - covariance[i, j]) / scale, -7 / Math.Sqrt(effective), 7 / Math.Sqrt(effective));
            }
        }
    }

    /// <summary>Of an observation that tells nothing about parameters whose priors are uniform.</summary>
    private sealed class PriorEstimate : IMarginalPosterior
    {
        public bool Covers(ParameterMask mask) => mask.Count > 0;

        public void LogDensity(ParameterMask mask, ReadOnlySpan<float> x, ReadOnlySpan<float> theta, Span<float> result) => result.Clear();

        public void Dispose()
        {
        }
    }
}
