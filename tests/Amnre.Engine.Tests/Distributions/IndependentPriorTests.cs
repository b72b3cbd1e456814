using Amnre.Engine.Distributions;
using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;

namespace Amnre.Engine.Tests.Distributions;

public sealed class IndependentPriorTests
{
    private const int Draws = 200_000;

    public static TheoryData<string, float, float> Kinds() =>
        new() { { "uniform", -2, 5 }, { "normal", 3, 0.5f }, { "log_uniform", 0.01f, 20 } };

    /// <summary>The density belongs to the draws: it integrates to one, and the draws fall into each tenth of its mass equally
    /// often.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Draws_follow_the_density(string kind, float a, float b)
    {
        const int Cells = 1 << 18;
        var marginal = Make(kind, a, b);
        var width = ((double)marginal.High - marginal.Low) / Cells;
        var cumulated = new double[Cells];
        var mass = 0.0;
        for (var i = 0; i < Cells; i++)
            cumulated[i] = mass += width * Math.Exp(marginal.LogDensity((float)(marginal.Low + (i + 0.5) * width)));
        Assert.Equal(1, mass, 1e-4);

        var tenths = new int[10];
        for (ulong row = 0; row < Draws; row++)
        {
            var random = new CounterRandom(3, RandomPurpose.Rows, row);
            var value = marginal.Draw(ref random);
            Assert.True(value >= marginal.Low && value < marginal.High);
            tenths[Math.Clamp((int)(10 * cumulated[(int)((value - marginal.Low) / width)]), 0, 9)]++;
        }

        Assert.All(tenths, count => Assert.InRange(count, Draws / 10 - 700, Draws / 10 + 700));
    }

    [Fact]
    public void Directions_beyond_their_range_are_refused()
    {
        Assert.Contains("between them", Assert.Throws<InputException>(() => Marginal.Sine(-1, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("between them", Assert.Throws<InputException>(() => Marginal.Cosine(0, 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_are_independent_and_masks_choose_among_them()
    {
        var prior = new IndependentPrior(Marginal.Uniform(0, 2), Marginal.Normal(0, 1), Marginal.Uniform(0, 4));

        Assert.Equal(-Math.Log(2) - Math.Log(4), prior.LogDensity(ParameterMask.Parse("101"), [1, 1]), 1e-12);
        Assert.Equal(-0.5 * Math.Log(2 * Math.PI), prior.LogDensity(ParameterMask.Parse("010"), [0]), 1e-5);
        Assert.Equal(double.NegativeInfinity, prior.LogDensity(ParameterMask.Parse("101"), [1, 4]));
        Assert.Equal([0, -5, 0], prior.Low);
    }

    [Theory]
    [InlineData("uniform", 1, 1)]
    [InlineData("uniform", 0, float.PositiveInfinity)]
    [InlineData("normal", 0, -1)]
    [InlineData("log_uniform", 0, 1)]
    [InlineData("uniform", float.NaN, 1)]
    public void A_prior_that_is_none_is_refused(string kind, float a, float b) => Assert.Throws<InputException>(() => Make(kind, a, b));

    private static Marginal Make(string kind, float a, float b) =>
        kind switch { "uniform" => Marginal.Uniform(a, b), "normal" => Marginal.Normal(a, b), _ => Marginal.LogUniform(a, b) };
}
