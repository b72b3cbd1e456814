using Amnre.Engine.Catalog;
using Amnre.Engine.Rows;

namespace Amnre.Engine.Tests.Rows;

public sealed class ObservationMomentsTests
{
    [Fact]
    public void Moments_are_those_of_the_first_rows_over_several_strides()
    {
        const int Rows = 20_001;
        var slcp = SimulatorCatalog.Find("SLCP");
        var (theta, x) = (new float[Rows * 5], new float[Rows * 8]);
        slcp.Sample(6, 0, theta, x);

        var moments = ObservationMoments.Of(slcp, 6, Rows, TestContext.Current.CancellationToken);

        for (var i = 0; i < 8; i++)
        {
            double[] values = [.. Enumerable.Range(0, Rows).Select(row => (double)x[row * 8 + i])];
            var mean = values.Average();
            Assert.Equal(mean, moments.Mu[i], 1e-6);
            Assert.Equal(Math.Sqrt(values.Average(value => (value - mean) * (value - mean))), moments.Sigma[i], 1e-5);
        }
    }

    [Fact]
    public void Observations_may_be_so_large_that_the_rows_wanted_fit_no_array() =>
        Assert.ThrowsAny<OperationCanceledException>(() => ObservationMoments.Of(
            new Training.ToySimulator("LARGE", 1, 1 << 24), 1, 128, new CancellationToken(canceled: true)));
}
