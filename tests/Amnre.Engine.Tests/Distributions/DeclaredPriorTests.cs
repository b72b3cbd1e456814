using Amnre.Engine.ChainRule;
using Amnre.Engine.Declarations;
using Amnre.Engine.Distributions;
using Amnre.Engine.Estimators;
using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;
using MathNet.Numerics.Distributions;

namespace Amnre.Engine.Tests.Distributions;

/// <summary>Laws of every prior of one parameter, against the functions of MathNet or formulas.</summary>
public sealed class DeclaredPriorTests
{
    private static readonly Dictionary<string, (Func<Marginal> Make, Func<double, double> Below)> Families = new()
    {
        ["""{"log_normal":[-0.9,0.5]}"""] = (() => Marginal.LogNormal(-0.9, 0.5), v => Normal.CDF(-0.9, 0.5, Math.Log(v))),
        ["""{"log_normal":[2,3]}"""] = (() => Marginal.LogNormal(2, 3), v => Normal.CDF(2, 3, Math.Log(v))),
        ["""{"half_normal":[2]}"""] = (() => Marginal.HalfNormal(2), v => 2 * Normal.CDF(0, 2, v) - 1),
        ["""{"truncated_normal":[0.5,1,-1,1]}"""] = (() => Marginal.TruncatedNormal(0.5, 1, -1, 1), v => Cut(0.5, 1, -1, 1, v)),
        ["""{"truncated_normal":[0,1,3,100]}"""] = (() => Marginal.TruncatedNormal(0, 1, 3, 100), v => Cut(0, -1, -100, -3, -v)),
        ["""{"truncated_normal":[0,1,-9,-4]}"""] = (() => Marginal.TruncatedNormal(0, 1, -9, -4), v => Cut(0, 1, -9, -4, v)),
        ["""{"truncated_normal":[0.3,0.001,-10,10]}"""] =
            (() => Marginal.TruncatedNormal(0.3, 0.001, -10, 10), v => Normal.CDF(0.3, 0.001, v)),
        ["""{"gamma":[0.5,3]}"""] = (() => Marginal.Gamma(0.5, 3), v => Gamma.CDF(0.5, 3, v)),
        ["""{"gamma":[1,0.1]}"""] = (() => Marginal.Gamma(1, 0.1), v => Gamma.CDF(1, 0.1, v)),
        ["""{"gamma":[2.5,4]}"""] = (() => Marginal.Gamma(2.5, 4), v => Gamma.CDF(2.5, 4, v)),
        ["""{"gamma":[400,2]}"""] = (() => Marginal.Gamma(400, 2), v => Gamma.CDF(400, 2, v)),
        ["""{"beta":[0.5,0.5]}"""] = (() => Marginal.Beta(0.5, 0.5), v => Beta.CDF(0.5, 0.5, v)),
        ["""{"beta":[2,5]}"""] = (() => Marginal.Beta(2, 5), v => Beta.CDF(2, 5, v)),
        ["""{"beta":[300,1]}"""] = (() => Marginal.Beta(300, 1), v => Math.Pow(v, 300)),
        ["""{"table":[[0,0],[1,2],[3,0]]}"""] =
            (() => Marginal.Table([0, 1, 3], [0, 2, 0]), v => v < 1 ? v * v / 3 : 1 - (3 - v) * (3 - v) / 6),
        ["""{"table":[[-1,1],[5,1],[5.001,3000],[5.002,1],[9,1]]}"""] =
            (() => Marginal.Table([-1, 5, 5.001, 5.002, 9], [1, 1, 3000, 1, 1]), v => Spike(v)),
    };

    public static TheoryData<string> Kinds() => [.. Families.Keys];

    /// <summary>Kolmogorov and Smirnov's statistic of a million draws: 1.95e-3 at a chance of 0.001.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_million_draws_follow_the_distribution(string kind)
    {
        const int Draws = 1_000_000;
        var (marginal, below) = (Families[kind].Make(), Families[kind].Below);
        var values = new float[Draws];
        for (var row = 0; row < Draws; row++)
        {
            var random = new CounterRandom(11, RandomPurpose.Rows, (ulong)row);
            values[row] = marginal.Draw(ref random);
        }

        Array.Sort(values);
        Assert.True(values[0] >= marginal.Low && values[^1] < marginal.High);
        var worst = 0.0;
        for (var i = 99; i < Draws - 1; i += 100)
        {
            // Between equal values, as many draws in single precision are near 1, the distribution is not compared.
            if (values[i] == values[i + 1]) continue;
            worst = Math.Max(worst, Math.Abs(below((values[i] + (double)values[i + 1]) / 2) - (i + 1.0) / Draws));
        }

        Assert.InRange(worst, 0, 1.95e-3);
    }

    /// <summary>The density is the slope of the distribution.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_density_is_that_of_the_distribution(string kind)
    {
        var (marginal, below) = (Families[kind].Make(), Families[kind].Below);
        for (ulong row = 0; row < 300; row++)
        {
            var random = new CounterRandom(12, RandomPurpose.Rows, row);
            double value = marginal.Draw(ref random);
            if (kind.Contains("table", StringComparison.Ordinal) && Math.Abs(value - 5.001) < 2e-3) continue;
            var step = 1e-4 * Math.Min(Math.Abs(value) + 1e-9, Math.Min(value - marginal.Low, marginal.High - value) + 1e-9);
            if (step < 1e-8 * Math.Abs(value)) continue;
            var (low, high) = ((float)(value - step), (float)(value + step));
            if (high - low < 50 * (MathF.BitIncrement(high) - high)) continue;
            var expected = Math.Log((below(high) - below(low)) / ((double)high - low));
            Assert.Equal(expected, marginal.LogDensity((float)value), 2e-3);
        }

        Assert.Equal(double.NegativeInfinity, marginal.LogDensity(marginal.High));
        Assert.Equal(double.NegativeInfinity, marginal.LogDensity(MathF.BitDecrement(marginal.Low)));
    }

    /// <summary>What the chain rule and the standardisation of theta make of it, as declared in a manifest or an experiment file.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Quantiles_and_moments_of_declared_priors_are_right(string kind)
    {
        var simulator = Declared(kind);
        Assert.Equal(simulator.Name, DeclaredSimulator.Of(simulator.Name).Name);
        var (marginal, below) = (Families[kind].Make(), Families[kind].Below);
        Assert.Equal([marginal.Low], simulator.Low);
        var quantiles = PriorQuantiles.Of(simulator, 0);
        var theta = new float[20_000];
        simulator.DrawPrior(5, 0, theta);
        for (var i = 0; i < 400; i++)
        {
            Assert.Equal(below(theta[i]), quantiles.Probability(theta[i]), 2e-3);
            Assert.Equal(marginal.LogDensity(theta[i]), simulator.LogPrior(ParameterMask.Full(1), [theta[i]]), 1e-9);
        }

        if (kind.Contains("[2,3]", StringComparison.Ordinal)) return; // Its deviation is that of a few draws.
        var moments = PriorMoments.Of(simulator);
        double[] seen = [.. theta.Select(value => moments.Logarithmic[0] ? Math.Log(value) : value)];
        var mean = seen.Average();
        var deviation = Math.Sqrt(seen.Average(value => (value - mean) * (value - mean)));
        Assert.InRange((moments.Mean[0] - mean) / deviation, -0.04, 0.04);
        Assert.InRange(moments.Deviation[0] / deviation, 0.93, 1.07);
    }

    [Theory]
    [InlineData("""{"log_normal":[0,-1]}""", "above 0")]
    [InlineData("""{"log_normal":[0,40]}""", "single precision")]
    [InlineData("""{"half_normal":[0]}""", "above 0")]
    [InlineData("""{"truncated_normal":[0,1,2,1]}""", "lower bound first")]
    [InlineData("""{"truncated_normal":[0,1,50,60]}""", "no mass")]
    [InlineData("""{"truncated_normal":[0,1]}""", "{ truncated_normal: [mean, deviation, low, high] }")]
    [InlineData("""{"gamma":[0.2,1]}""", "from 0.5 to 10000")]
    [InlineData("""{"gamma":[2,0]}""", "rate 0")]
    [InlineData("""{"beta":[1,-1]}""", "shape -1")]
    [InlineData("""{"table":[[0,1]]}""", "two points")]
    [InlineData("""{"table":[[0,1],[0,2]]}""", "ascending")]
    [InlineData("""{"table":[[0,1],[1,-2]]}""", "0 or more")]
    [InlineData("""{"table":[[0,0],[1,0]]}""", "at least one")]
    [InlineData("""{"table":[0,1]}""", "{ table: ")]
    [InlineData("""{"multivariate_normal":[0,[1,2]]}""", "1 number, its variance")]
    [InlineData("""{"multivariate_normal":[0,[-1]]}""", "must be above 0")]
    [InlineData("""{"integers":[0,5]}""", "discrete")]
    public void What_is_no_prior_is_refused_with_the_remedy(string kind, string told) => Assert.Contains(
        told, Assert.Throws<InputException>(() => Declared(kind)).Message, StringComparison.Ordinal);

    private static DeclaredSimulator Declared(string kind) =>
        DeclaredSimulator.Of("{\"parameters\":{\"a\":" + kind + "},\"observation\":[1]}");

    /// <summary>A normal between bounds, by tails that keep their digits; a deviation below 0 counts from above.</summary>
    private static double Cut(double mean, double deviation, double low, double high, double value)
    {
        double Below(double at) => 0.5 * MathNet.Numerics.SpecialFunctions.Erfc((mean - at) / Math.Abs(deviation) * Math.Sqrt(0.5));
        var share = (Below(value) - Below(low)) / (Below(high) - Below(low));
        return deviation < 0 ? 1 - share : share;
    }

    private static double Spike(double value)
    {
        const double Total = 6 + 3.001 + 3.998;
        if (value <= 5) return (value + 1) / Total;
        var t = value - 5;
        if (t <= 0.001) return (6 + t + 2999 * t * t / 0.002) / Total;
        if (t > 0.002) return (6 + 3.001 + (t - 0.002)) / Total;
        var rest = 0.002 - t;
        return (6 + 3.001 - rest - 2999 * rest * rest / 0.002) / Total;
    }
}
