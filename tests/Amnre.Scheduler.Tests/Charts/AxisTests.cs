using Amnre.Scheduler.Charts;

namespace Amnre.Scheduler.Tests.Charts;

public sealed class AxisTests
{
    [Fact]
    public void Ends_are_at_zero_and_one_and_ticks_are_round_and_within()
    {
        var axis = Axis.Of([3, 17.5, double.NaN]);

        Assert.Equal((0, 1), (axis.At(3), axis.At(17.5)));
        Assert.Equal([5, 10, 15], axis.Ticks);
    }

    [Fact]
    public void A_logarithmic_axis_leaves_out_what_is_not_positive()
    {
        var axis = Axis.Of([-1, 0, 0.001, 1000], log: true);

        Assert.True(axis.Log);
        Assert.Equal(0.5, axis.At(1), 12);
        Assert.True(double.IsNaN(axis.At(0)));
        Assert.Equal(7, axis.Ticks.Count);
    }

    [Theory]
    [InlineData(1.03, 1.31)]
    [InlineData(2e-5, 3e-5)]
    [InlineData(1e-12, 1e12)]
    [InlineData(5, 5)]
    public void A_logarithmic_axis_always_has_some_ticks(double low, double high) =>
        Assert.InRange(Axis.Of([low, high], log: true).Ticks.Count, 2, 20);

    [Theory]
    [InlineData(new double[0])]
    [InlineData(new[] { double.NaN, double.PositiveInfinity })]
    [InlineData(new[] { 0.0 })]
    [InlineData(new[] { -7.0, -7.0 })]
    [InlineData(new[] { -1.0, -2.0 })]
    public void Nothing_or_one_value_or_nothing_positive_still_makes_an_axis(double[] values)
    {
        var axis = Axis.Of(values, log: true);

        Assert.False(axis.Log);
        Assert.NotEmpty(axis.Ticks);
        Assert.All(values.Where(double.IsFinite), value => Assert.InRange(axis.At(value), 0, 1));
    }
}
