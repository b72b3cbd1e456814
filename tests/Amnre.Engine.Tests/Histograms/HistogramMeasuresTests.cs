using Amnre.Engine.Catalog;
using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.MassTransport;
using Amnre.Engine.Tests.Golden;

namespace Amnre.Engine.Tests.Histograms;

public sealed class HistogramMeasuresTests
{
    private static readonly System.Text.Json.JsonElement Metrics = GoldenFile.Read("metrics.json");

    [Fact]
    public void Entropy_and_divergence_equal_the_original()
    {
        var (p, q) = (Metrics.GetProperty("p3").Singles(), Metrics.GetProperty("q3").Singles());

        Assert.Equal(Metrics.GetProperty("entropy").GetProperty("p3").GetDouble(), HistogramMeasures.Entropy(p), 1e-5);
        Assert.Equal(Metrics.GetProperty("entropy").GetProperty("q3").GetDouble(), HistogramMeasures.Entropy(q), 1e-5);
        Assert.Equal(Metrics.GetProperty("kl").GetProperty("p3||q3").GetDouble(), HistogramMeasures.Divergence(p, q), 1e-4);
        Assert.Equal(Metrics.GetProperty("kl").GetProperty("q3||p3").GetDouble(), HistogramMeasures.Divergence(q, p), 1e-4);
    }

    [Theory]
    [InlineData("1d4", 4)]
    [InlineData("self", 4)]
    [InlineData("dirac10", 10)]
    [InlineData("2d_4x5", 4, 5)]
    [InlineData("gauss100", 100)]
    [InlineData("gauss100_self", 100)]
    public void Entropic_distance_equals_the_original(string name, params int[] bins)
    {
        var golden = Metrics.GetProperty("emd").GetProperty(name);
        var source = name == "gauss100_self" ? Metrics.GetProperty("emd").GetProperty("gauss100") : golden;
        var p = source.GetProperty("p").Singles();
        var q = name == "gauss100_self" ? p : source.GetProperty("q").Singles();

        Assert.Equal(golden.GetProperty("f64").GetDouble(), EntropicTransport.Distance(p, q, bins), 1e-6);
    }

    [Fact]
    public void Entropic_distance_in_three_dimensions_equals_the_original()
    {
        var (p, q) = (Metrics.GetProperty("p3").Singles(), Metrics.GetProperty("q3").Singles());

        Assert.Equal(
            Metrics.GetProperty("emd").GetProperty("3d").GetProperty("f64").GetDouble(),
            EntropicTransport.Distance(p, q, [3, 4, 2]), 1e-6);
    }

    [Fact]
    public void Entropic_distance_on_a_large_grid_is_the_limit_of_plain_iterations()
    {
        // Too many cells for plain iterations.
        const int Bins = 33, Cells = Bins * Bins;
        float[] Bump(double x, double y, double width)
        {
            var values = new double[Cells];
            for (var i = 0; i < Cells; i++)
                values[i] = Math.Exp(-((i / Bins - x) * (i / Bins - x) + (i % Bins - y) * (i % Bins - y)) / width) + 1e-4;
            return [.. values.Select(value => (float)(value / values.Sum()))];
        }

        var (p, q) = (Bump(8, 10, 24), Bump(18, 24, 80));
        var kernel = new double[Cells, Cells];
        double Length(int i, int j) => Math.Sqrt(Math.Pow(i / Bins - j / Bins, 2) + Math.Pow(i % Bins - j % Bins, 2)) / Bins;
        for (var i = 0; i < Cells; i++)
            for (var j = 0; j < Cells; j++) kernel[i, j] = Math.Exp(-100 * Length(i, j));
        var (u, v) = (Enumerable.Repeat(1.0, Cells).ToArray(), new double[Cells]);
        for (var iteration = 0; iteration < 3000; iteration++)
        {
            Scale(u, q, v);
            Scale(v, p, u);
        }

        var distance = 0.0;
        for (var i = 0; i < Cells; i++)
            for (var j = 0; j < Cells; j++) distance += u[i] * kernel[i, j] * v[j] * Length(i, j);
        Assert.Equal(distance, EntropicTransport.Distance(p, q, [Bins, Bins]), 1e-5);
        Assert.Equal(EntropicTransport.Distance(p, q, [Bins, Bins]), EntropicTransport.Distance(p, q, [Bins, Bins], threads: 3));

        void Scale(double[] from, float[] wanted, double[] to)
        {
            for (var i = 0; i < Cells; i++)
            {
                var sum = 0.0;
                for (var j = 0; j < Cells; j++) sum += kernel[i, j] * from[j];
                to[i] = wanted[i] / sum;
            }
        }
    }

    [Fact]
    public void Distance_to_what_is_no_histogram_is_not_a_number() =>
        Assert.Equal(double.NaN, EntropicTransport.Distance([0.5f, 0.5f], [0, 0], [2]));

    [Fact]
    public void Exact_distance_is_what_moving_the_masses_costs()
    {
        Assert.Equal(0.5, ExactTransport.Distance([0, 1, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 1, 0, 0, 0], 1, 10), 1e-12);
        Assert.Equal(0.125, ExactTransport.Distance([0.5f, 0.5f], [0.75f, 0.25f], 1, 2), 1e-12);
        Assert.Equal(0, ExactTransport.Distance([0.5f, 0.5f], [0.5f, 0.5f], 1, 2));
    }

    [Fact]
    public void Percentile_equals_the_original()
    {
        var golden = GoldenFile.Read("calibration.json");
        var histogram = new Histogram(ParameterMask.Parse("11000"), 3, golden.GetProperty("hist").Singles());
        var slcp = SimulatorCatalog.Find("SLCP");
        foreach (var example in golden.GetProperty("examples").EnumerateArray())
        {
            float[] theta = [.. example.GetProperty("theta_star").Singles(), 0, 0, 0];
            var cell = histogram.CellOf(slcp, theta);
            var index = example.GetProperty("index").Numbers();

            Assert.Equal(index[0] * 3 + index[1], cell);
            Assert.Equal(example.GetProperty("percentile").GetDouble(),
                HistogramMeasures.Percentile(histogram.Values, histogram.Values[cell]), 1e-6);
        }
    }

    [Fact]
    public void Marginal_sums_the_other_dimensions_away()
    {
        var values = Enumerable.Range(0, 27).Select(i => (float)i).ToArray();
        var histogram = new Histogram(ParameterMask.Parse("10110"), 3, values);

        Assert.Equal([36, 117, 198], histogram.Marginal(ParameterMask.Parse("10000")).Values);
        Assert.Equal([108, 117, 126], histogram.Marginal(ParameterMask.Parse("00010")).Values);
        Assert.Equal(new float[] { 9, 12, 15, 36, 39, 42, 63, 66, 69 }, histogram.Marginal(ParameterMask.Parse("10010")).Values);
        Assert.Throws<ArgumentException>(() => histogram.Marginal(ParameterMask.Parse("01000")));
    }
}
