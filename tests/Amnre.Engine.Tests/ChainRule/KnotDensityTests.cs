using Amnre.Engine.ChainRule;
using Amnre.Engine.Distributions;
using Amnre.Engine.Masks;

namespace Amnre.Engine.Tests.ChainRule;

public sealed class KnotDensityTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(-3)]
    [InlineData(60)]
    [InlineData(0)]
    public void Quantiles_and_densities_of_an_exponential_are_exact(double rate)
    {
        var density = new KnotDensity(4);
        density.Add([0, 1, 0.3], [0, (float)rate, (float)(0.3 * rate)]);

        foreach (var p in (double[])[0, 0.01, 0.5, 0.99])
        {
            var (u, log) = new KnotQuantiles(density).Of(p);
            var below = rate == 0 ? u : Math.Exp(rate * (u - 1)) * (1 - Math.Exp(-rate * u)) / (1 - Math.Exp(-rate));
            Assert.Equal(p, below, 1e-5);
            Assert.Equal(rate * u - (rate == 0 ? 0 : Math.Log((Math.Exp(rate) - 1) / rate)), log, 1e-4);
        }
    }

    [Theory]
    [InlineData(1e-3)]
    [InlineData(1e-5)]
    public void A_narrow_peak_between_knots_is_found(double width)
    {
        var density = new KnotDensity(64);
        double[] at = [0, 0.25, 0.5, 0.75, 1];
        for (var round = 0; round < 10; round++)
        {
            density.Add(at, [.. at.Select(u => (float)(-0.5 * (u - 0.61) * (u - 0.61) / (width * width)))]);
            at = new double[5];
            density.Refine(at);
        }

        Assert.InRange(new KnotQuantiles(density).Of(0.5).U, 0.61 - width, 0.61 + width);
    }

    [Fact]
    public void Places_without_a_density_hold_no_mass()
    {
        var density = new KnotDensity(8);
        density.Add([0, 0.4, 0.6, 1], [float.NegativeInfinity, float.NaN, 0, 0]);

        Assert.InRange(new KnotQuantiles(density).Of(1e-6).U, 0.4, 0.61);
    }

    [Fact]
    public void A_prior_s_probabilities_follow_its_scale()
    {
        var simulator = new OnePrior(Marginal.LogUniform(1e-6f, 1e6f));
        var quantiles = PriorQuantiles.Of(simulator, 0);

        foreach (var u in (double[])[0.001, 0.1, 0.5, 0.75, 0.999])
        {
            Assert.Equal(12 * u - 6, Math.Log10(quantiles.Theta(u)), 0.01);
            Assert.Equal(u, quantiles.Probability(quantiles.Theta(u)), 1e-5);
            Assert.Equal(simulator.LogPrior(ParameterMask.Full(1), [quantiles.Theta(u)]), Math.Log(quantiles.Slope(u)), 0.01);
        }

        Assert.Equal(1e-6f, quantiles.Theta(0));
        Assert.True(quantiles.Theta(1) < 1e6f);
    }
}
