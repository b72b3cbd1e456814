using System.Globalization;
using Amnre.Engine.Catalog;
using Amnre.Engine.Estimators;
using Amnre.Engine.Tests.Training;

namespace Amnre.Engine.Tests.Estimators;

public sealed class PriorMomentsTests
{
    [Fact]
    public void A_uniform_prior_has_its_textbook_moments()
    {
        var moments = PriorMoments.Of(new ToySimulator("toy", 4, 4));

        Assert.All(moments.Mean, mean => Assert.Equal(0, mean, 1e-6));
        Assert.All(moments.Deviation, deviation => Assert.Equal(6 / Math.Sqrt(12), deviation, 1e-6));
    }

    /// <summary>Those of the logarithm, which is uniform.</summary>
    [Theory]
    [InlineData("1e-06", "1")]
    [InlineData("0.1", "3")]
    [InlineData("1e-30", "1e-20")]
    public void A_log_uniform_prior_has_those_of_its_logarithm(string lower, string upper)
    {
        var moments = PriorMoments.Of(
            SimulatorCatalog.Find($$$"""{"parameters":{"k":{"log_uniform":[{{{lower}}},{{{upper}}}]}},"observation":[1]}"""));
        var (low, high) = (double.Parse(lower, CultureInfo.InvariantCulture), double.Parse(upper, CultureInfo.InvariantCulture));

        Assert.True(Assert.Single(moments.Logarithmic));
        Assert.Equal((Math.Log(low) + Math.Log(high)) / 2, Assert.Single(moments.Mean), 1e-3);
        Assert.Equal((Math.Log(high) - Math.Log(low)) / Math.Sqrt(12), Assert.Single(moments.Deviation), 1e-3);
    }
}
