using Amnre.Engine.Inference;
using Amnre.Engine.Masks;
using Amnre.Engine.Tests.ChainRule;

namespace Amnre.Engine.Tests.Inference;

public sealed class GivenValuesTests : IDisposable
{
    private readonly NormalEstimate _exact = new(3, 0.5);

    public void Dispose() => _exact.Dispose();

    [Theory]
    [InlineData(0, null)]
    [InlineData(2.9, null)]
    [InlineData(-2.9, null)]
    [InlineData(5, "lies above it")]
    [InlineData(-5, "lies below it")]
    public void A_value_that_the_observation_excludes_is_warned_of(double deviations, string? told)
    {
        var value = _exact.Mean[1] + deviations * Math.Sqrt(_exact.Covariance[1, 1]);

        var warnings = GivenValues.Warnings(new(_exact, _exact, [0]), Given("010", (float)value)).ToList();

        if (told is null) Assert.Empty(warnings);
        else Assert.Matches($"^the observation all but excludes p1 = .*{told}", Assert.Single(warnings));
    }

    [Fact]
    public void Each_given_value_is_looked_at_and_none_where_nothing_is_given()
    {
        Assert.Equal(2, GivenValues.Warnings(new(_exact, _exact, [0]), Given("101", 3, -3)).Count());
        Assert.Empty(GivenValues.Warnings(new(_exact, _exact, [0]), new Question(ParameterMask.Full(3), null, [], [], 10, 0)));
    }

    private static Question Given(string mask, params float[] values)
    {
        var given = ParameterMask.Parse(mask);
        return new Question(new ParameterMask(ParameterMask.Full(3).Bits & ~given.Bits, 3), given, values, [], 10, 0);
    }
}
