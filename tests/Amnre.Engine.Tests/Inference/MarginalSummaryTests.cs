using Amnre.Engine.ChainRule;
using Amnre.Engine.Distributions;
using Amnre.Engine.Inference;
using Amnre.Engine.Randomness;
using Amnre.Engine.Tests.ChainRule;

namespace Amnre.Engine.Tests.Inference;

/// <summary>Summaries from draws of densities that are known.</summary>
public sealed class MarginalSummaryTests
{
    private const int Draws = 8000;

    [Fact]
    public void A_normal_posterior_has_one_interval_and_the_information_of_its_width()
    {
        var summary = Of(z => 1.5 + 0.2 * z);

        Assert.Equal(1.5, summary.Mean, 0.02);
        Assert.Equal(1.5, summary.Median, 0.02);
        Assert.Equal(0.2, summary.Deviation, 0.02);
        var (low, high) = Assert.Single(summary.Region68);
        Assert.InRange(high - low, 0.36, 0.45);
        (low, high) = Assert.Single(summary.Region95);
        Assert.InRange(high - low, 0.72, 0.88);
        // ln of the prior's width, less the entropy of a normal.
        Assert.Equal(Math.Log(10) - 0.5 * Math.Log(2 * Math.PI * Math.E * 0.04), summary.Information, 0.05);
    }

    /// <summary>A density that wavers by a percent, as learned ones do, has slivers beyond its interval's ends.</summary>
    [Theory]
    [InlineData(0.01)]
    [InlineData(0.03)]
    public void A_density_that_wavers_has_one_interval(double wave)
    {
        var points = Enumerable.Range(0, 4096).Select(i => MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, (i + 0.5) / 4096))
            .Select(z => (z, -z * z / 2 + Math.Log(10 / Math.Sqrt(2 * Math.PI)) + wave * Math.Sin(60 * z))).ToList();

        var summary = MarginalSummary.Of("z", points, [.. points.Select(_ => -Math.Log(10))], isLogarithmic: false);

        var (low, high) = Assert.Single(summary.Region68);
        Assert.InRange(high - low, 1.95, 2.1);
        Assert.Single(summary.Region95);
    }

    /// <summary>A network that cannot tell small values apart gives them one density, to rounding.</summary>
    [Fact]
    public void A_plateau_has_one_interval()
    {
        var random = new CounterRandom(5, RandomPurpose.Chains, 0);
        var points = Enumerable.Range(0, 4096).Select(i => (i / 4096.0, 1e-4 * random.NextNormal())).ToList();

        var summary = MarginalSummary.Of("flat", points, [.. points.Select(_ => 0.0)], isLogarithmic: false);

        var (low, high) = Assert.Single(summary.Region68);
        Assert.Equal(0.68, high - low, 0.01);
        Assert.Equal(0.95, Assert.Single(summary.Region95).High, 0.01);
    }

    [Fact]
    public void Two_modes_far_apart_are_two_intervals()
    {
        var summary = Of(z => (z > 0 ? 3 : -3) + 0.05 * z);

        Assert.Equal(2, summary.Region68.Count);
        Assert.Equal(2, summary.Region95.Count);
        Assert.All(summary.Region95, interval => Assert.InRange(interval.High - interval.Low, 0.02, 1.6));
    }

    [Fact]
    public void Draws_of_the_prior_say_nothing()
    {
        var random = new CounterRandom(3, RandomPurpose.Chains, 0);
        var summary = Of(_ => 10 * random.NextDouble() - 5);

        Assert.InRange(summary.Information, 0, 0.02);
        Assert.InRange(summary.Region95.Sum(interval => interval.High - interval.Low), 9, 10);
    }

    /// <summary>Regions of a log-uniform parameter are those of its logarithm, also where there are two.</summary>
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(3, 0.1)]
    public void Regions_of_a_scale_are_those_of_its_logarithm(double apart, double width)
    {
        double Logarithm(double z) => (z > 0 ? apart : -apart) + width * z;
        var (scale, logarithm) = (Of(z => Math.Exp(Logarithm(z)), isLogarithmic: true), Of(Logarithm));

        Assert.Equal(apart > 0 ? 2 : 1, scale.Region68.Count);
        foreach (var (found, expected) in scale.Region68.Zip(logarithm.Region68).Concat(scale.Region95.Zip(logarithm.Region95)))
        {
            Assert.Equal(expected.Low, Math.Log(found.Low), 0.02);
            Assert.Equal(expected.High, Math.Log(found.High), 0.02);
        }

        Assert.Equal(logarithm.Information, scale.Information, 0.02);
    }

    /// <summary>What draws tell of a density that is almost flat, or of where it crosses the region's level, is rounding: it makes no
    /// slivers, and the region keeps its mass.</summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(1e-4)]
    [InlineData(3e-3)]
    public void Rounding_of_the_density_divides_no_region(double rounding)
    {
        const int count = 2048;
        var random = new CounterRandom(9, RandomPurpose.Chains, 0);
        // A triangle: density 2 (1 - t) on [0, 1), whose regions begin at 0.
        var points = new List<(double Value, double LogRatio)>();
        for (var i = 0; i < count; i++)
        {
            var t = 1 - Math.Sqrt(1 - (i + 0.5) / count);
            points.Add((t, Math.Log(2 * (1 - t)) + rounding * random.NextNormal()));
        }

        var summary = MarginalSummary.Of("a", points, new double[count], isLogarithmic: false);

        foreach (var (region, mass) in new[] { (summary.Region68, 0.68), (summary.Region95, 0.95) })
        {
            var (low, high) = Assert.Single(region);
            Assert.Equal(0, low, 0.01);
            Assert.Equal(1 - Math.Sqrt(1 - mass), high, 0.02);
        }
    }

    private static MarginalSummary Of(Func<double, double> value, bool isLogarithmic = false)
    {
        var random = new CounterRandom(5, RandomPurpose.Chains, 0);
        var prior = new OnePrior(isLogarithmic
            ? Marginal.LogUniform((float)Math.Exp(-5), (float)Math.Exp(5)) : Marginal.Uniform(-5, 5));
        float[] draws = [.. Enumerable.Range(0, Draws).Select(_ => (float)value(random.NextNormal()))];
        var points = MarginalPoints.Of(prior, 0, draws);
        return MarginalSummary.Of("a", points.Points, points.LogPrior, isLogarithmic);
    }
}
