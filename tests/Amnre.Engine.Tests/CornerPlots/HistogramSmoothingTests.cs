using Amnre.Engine.CornerPlots;
using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;

namespace Amnre.Engine.Tests.CornerPlots;

public sealed class HistogramSmoothingTests
{
    [Fact]
    public void A_spike_becomes_a_Gaussian_of_the_same_mass_and_place()
    {
        var values = new float[41 * 41];
        values[20 * 41 + 12] = 1;

        var smooth = new Histogram(ParameterMask.Parse("11"), 41, values).Smoothed(1.5);

        double mass = 0, row = 0, column = 0, square = 0;
        for (var i = 0; i < values.Length; i++)
        {
            double value = smooth.Values[i];
            (mass, row, column, square) = (mass + value, row + value * (i / 41), column + value * (i % 41),
                square + value * (i / 41 - 20) * (i / 41 - 20));
        }

        Assert.Equal(1, mass, 1e-5);
        Assert.Equal(20, row, 1e-4);
        Assert.Equal(12, column, 1e-4);
        Assert.Equal(1.5 * 1.5, square, 0.02);
    }

    [Fact]
    public void Nothing_leaves_at_the_edges()
    {
        var smooth = new Histogram(ParameterMask.Parse("1"), 5, [1, 0, 0, 0, 0]).Smoothed(4);

        Assert.Equal(1, smooth.Values.Sum(), 1e-5);
        Assert.True(smooth.Values[0] > smooth.Values[4]);
    }

    [Fact]
    public void No_deviation_changes_nothing()
    {
        var histogram = new Histogram(ParameterMask.Parse("1"), 2, [0.25f, 0.75f]);

        Assert.Same(histogram, histogram.Smoothed(0));
    }
}
