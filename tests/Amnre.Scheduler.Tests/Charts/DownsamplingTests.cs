using Amnre.Scheduler.Charts;

namespace Amnre.Scheduler.Tests.Charts;

public sealed class DownsamplingTests
{
    [Fact]
    public void No_spike_and_neither_end_is_lost()
    {
        var points = Enumerable.Range(0, 100_000).Select(i => new Point(i, Math.Sin(i / 1000.0))).ToList();
        points[54_321] = new Point(54_321, 100);
        points[77_777] = new Point(77_777, -100);

        var kept = Downsampling.KeepExtremes(points, 500);

        Assert.InRange(kept.Count, 400, 500);
        Assert.Equal(points[0], kept[0]);
        Assert.Equal(points[^1], kept[^1]);
        Assert.Contains(points[54_321], kept);
        Assert.Contains(points[77_777], kept);
        Assert.Equal(kept.OrderBy(point => point.X), kept);
        Assert.All(kept, point => Assert.Equal(points[(int)point.X], point));
    }

    [Fact]
    public void Short_curves_stay_as_they_are_and_gaps_stay_gaps()
    {
        var points = Enumerable.Range(0, 1000).Select(i => new Point(i, i is > 400 and < 420 ? double.NaN : i)).ToList();

        Assert.Same(points, Downsampling.KeepExtremes(points, 1000));
        Assert.Contains(Downsampling.KeepExtremes(points, 50), point => double.IsNaN(point.Y));
        Assert.Throws<ArgumentOutOfRangeException>(() => Downsampling.KeepExtremes(points, 3));
    }

    [Fact]
    public void A_moving_average_keeps_a_constant_and_bears_gaps()
    {
        Point[] points = [new(0, 2), new(1, 2), new(2, double.NaN), new(3, 2)];

        var smooth = Smoothing.Exponential(points, 0.9);

        Assert.Equal([2, 2, double.NaN, 2], smooth.Select(point => double.IsNaN(point.Y) ? point.Y : Math.Round(point.Y, 12)));
        Assert.Same(points, Smoothing.Exponential(points, 0));
        // Hand-made: (0.5·1 + 3) / (0.5 + 1).
        Assert.Equal(3.5 / 1.5, Smoothing.Exponential([new(0, 1), new(1, 3)], 0.5)[1].Y, 12);
    }
}
