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
}
