using Amnre.Engine.CornerPlots;

namespace Amnre.Engine.Tests.CornerPlots;

public sealed class ContourRingsTests
{
    [Fact]
    public void A_disc_has_one_ring_of_its_area_with_the_region_on_the_left()
    {
        var rings = ContourRings.Of(Grid(200, (x, y) => 1 - Math.Sqrt((x - 0.5) * (x - 0.5) + (y - 0.4) * (y - 0.4))), 200, 1 - 0.3);

        Assert.Equal(Math.PI * 0.3 * 0.3, Area(Assert.Single(rings)), 1e-3);
    }

    [Fact]
    public void A_hole_is_a_ring_the_other_way_round()
    {
        double Ridge(double x, double y) => 1 - Math.Abs(Math.Sqrt((x - 0.5) * (x - 0.5) + (y - 0.5) * (y - 0.5)) - 0.3);
        var areas = ContourRings.Of(Grid(200, Ridge), 200, 0.9).Select(Area).Order().ToArray();

        Assert.Equal(2, areas.Length);
        Assert.Equal(-Math.PI * 0.2 * 0.2, areas[0], 1e-3);
        Assert.Equal(Math.PI * 0.4 * 0.4, areas[1], 1e-3);
    }

    [Fact]
    public void Regions_at_the_border_close_along_it()
    {
        Assert.Equal(1, Area(Assert.Single(ContourRings.Of(Grid(10, (_, _) => 1), 10, 0.5))), 1e-12);
        Assert.Equal(0.5, Area(Assert.Single(ContourRings.Of(Grid(100, (x, _) => x), 100, 0.5))), 1e-3);
    }

    [Fact]
    public void Values_of_pure_noise_still_give_closed_rings_of_the_right_total()
    {
        // Saddles everywhere: each crossing must be used once, and the rings together must enclose what lies above the level.
        var random = new Amnre.Engine.Randomness.CounterRandom(3, default, 0);
        var values = new float[60 * 60];
        for (var i = 0; i < values.Length; i++) values[i] = random.NextSingle() + 0.01f;
        var total = ContourRings.Of(values, 60, 0.6).Sum(Area);

        Assert.InRange(total, 0.25, 0.45);
        Assert.All(ContourRings.Of(values, 60, 0.6), ring => Assert.True(ring.Length >= 4));
    }

    [Fact]
    public void Levels_hold_the_masses_asked_for()
    {
        var levels = DensityRegions.Levels([0.1f, 0.4f, 0.2f, 0.3f], [0.39, 0.69, 0.75, 0.99]);

        Assert.Equal([0.4f, 0.3f, 0.2f, 0.1f], levels.Select(level => (float)level));
    }

    private static float[] Grid(int n, Func<double, double, double> value) =>
        [.. Enumerable.Range(0, n * n).Select(i => (float)value((i / n + 0.5) / n, (i % n + 0.5) / n))];

    private static double Area((double X, double Y)[] ring) =>
        0.5 * ring.Select((point, i) => point.X * ring[(i + 1) % ring.Length].Y - ring[(i + 1) % ring.Length].X * point.Y).Sum();
}
