using System.Text.Json.Nodes;
using Amnre.Engine.Histograms;
using Amnre.Engine.MassTransport;
using Amnre.Engine.Settings;
using Amnre.Engine.Tests.Golden;
using PureHDF;

namespace Amnre.Engine.Tests.Evaluation;

/// <summary>The original's results, made again from its models and samples.</summary>
public sealed class FixtureEvaluationTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("slcp-amnre", "slcp-test", "slcp-amnre", "=1", "00110")]
    [InlineData("slcp-mnre", "slcp-test", "slcp-mnre", "=1", "00110")]
    [InlineData("slcp-mnpe", "slcp-test", "slcp-mnpe", "=1", "00110")]
    [InlineData("slcp-amnre-resnet-bn", "slcp-test", "slcp-amnre-resnet-bn", "=1", "00110")]
    [InlineData("hh-amnre", "hh-event", "hh-amnre-event", "=1", "11000000")]
    public void Rows_and_histograms_on_grids_are_the_originals(string model, string samples, string result, params string[] masks)
    {
        FixtureResults.Run(model, FixtureResults.Samples(samples), FixtureResults.Settings(model) with { Masks = masks },
            _scratch["out.csv"]);
        var compared = CompareTable(result);

        foreach (var file in Directory.GetFiles(_scratch.Root, "out_0_*.pth"))
        {
            var name = $"results/{result}{Path.GetFileName(file)["out".Length..]}";
            if (!File.Exists(GoldenFile.Path(name))) continue;
            var (expected, actual) = (HistogramFile.Read(GoldenFile.Path(name)), HistogramFile.Read(file));
            Assert.Equal(expected.Mask, actual.Mask);
            Assert.Equal(expected.Masses.Length, actual.Masses.Length);
            for (var cell = 0; cell < expected.Masses.Length; cell++) Close(expected.Masses[cell], actual.Masses[cell], 2e-5);
        }

        Assert.Equal(samples.StartsWith("hh", StringComparison.Ordinal) ? 9 : 6, compared);
    }

    /// <summary>An NRE has one mask only, which is taken whatever masks were asked for.</summary>
    [Fact]
    public void A_grid_of_all_five_parameters_is_the_originals()
    {
        var notes = FixtureResults.Run(
            "slcp-nre", FixtureResults.Samples("slcp-test"), FixtureResults.Settings("slcp") with { Bins = 8 }, _scratch["out.csv"]);

        Assert.Equal(1, CompareTable("slcp-nre"));
        Assert.Contains("was not trained for masks 10000 01000", Assert.Single(notes), StringComparison.Ordinal);
        var (expected, actual) = (FixtureResults.Histogram("slcp-nre_0_11111"), HistogramFile.Read(_scratch["out_0_11111.pth"]));
        for (var cell = 0; cell < expected.Masses.Length; cell++) Close(expected.Masses[cell], actual.Masses[cell], 5e-5);
    }

    [Theory]
    [InlineData("slcp-amnre", "slcp-test", 24)]
    [InlineData("slcp-mnre", "slcp-test", 24)]
    [InlineData("slcp-mnpe", "slcp-test", 24)]
    [InlineData("hh-amnre", "hh-test", 16)]
    public void Percentiles_are_the_originals(string model, string samples, int rows)
    {
        var settings = FixtureResults.Settings(model) with { Masks = ["=1"], Last = rows, Bins = 32, Clean = true, Calibration = true };
        FixtureResults.Run(model, FixtureResults.Samples(samples), settings, _scratch["out.csv"]);

        Assert.Equal(rows * (model.StartsWith("hh", StringComparison.Ordinal) ? 8 : 5), CompareTable($"{model}_cal"));
    }

    [Theory]
    [InlineData("slcp-amnre", "slcp-test", "=2")]
    [InlineData("slcp-mnre", "slcp-test", "=2")]
    [InlineData("slcp-mnpe", "slcp-test", "=2")]
    [InlineData("hh-amnre", "hh-test", "11000000")]
    public void Consistency_matrices_are_the_originals(string model, string samples, string pairs)
    {
        var settings = FixtureResults.Settings(model) with { Masks = ["=1", pairs], Last = 3, Clean = true, Consistency = true };
        FixtureResults.Run(model, FixtureResults.Samples(samples), settings, _scratch["out.csv"]);

        for (var row = 0; row < 3; row++)
        {
            var expected = File.ReadAllLines(GoldenFile.Path($"results/{model}_cons_{row}.csv")).Select(line => line.Split(',')).ToArray();
            var actual = File.ReadAllLines(_scratch[$"out_{row}.csv"]).Select(line => line.Split(',')).ToArray();
            Assert.Equal(expected[0], actual[0]);
            Assert.Equal(expected.Select(line => line[0]), actual.Select(line => line[0]));
            for (var i = 1; i < expected.Length; i++)
            {
                for (var j = 1; j < expected.Length; j++)
                {
                    Assert.Equal(expected[i][j].Length == 0, actual[i][j].Length == 0);
                    if (expected[i][j].Length > 0)
                        Assert.Equal(FixtureResults.Number(expected[i][j]), FixtureResults.Number(actual[i][j]), 1e-4);
                }
            }
        }
    }

    /// <summary>Against the original's own, short and so noisy, chains on the likelihood.</summary>
    [Theory]
    [InlineData("slcp-amnre")]
    [InlineData("slcp-mnre")]
    [InlineData("slcp-mnpe")]
    public void Distances_to_the_originals_ground_truth_are_the_originals(string model)
    {
        var settings = FixtureResults.Settings(model) with { Masks = ["=1", "=2"], Last = 3 };
        FixtureResults.Run(model, FixtureResults.Samples("slcp-test"), settings, _scratch["out.csv"]);
        var compared = 0;
        foreach (var ((index, mask), expected) in FixtureResults.Table(GoldenFile.Path($"results/{model}_cons.csv")))
        {
            var truth = HistogramFile.Read(GoldenFile.Path($"fixtures/slcp-test_{index}.pth")).Marginal(FixtureResults.Mask(mask));
            var estimate = HistogramFile.Read(_scratch[$"out_{index}_{mask}.pth"]);
            Close(expected["entropy_truth"], HistogramMeasures.Entropy(truth.Masses), 1e-5);
            Assert.Equal(expected["kl_truth"], HistogramMeasures.Divergence(truth, estimate), 2e-4);
            Assert.Equal(expected["emd_truth"], EarthMover.Between(settings, truth, estimate)!.Value, 1e-4);
            compared++;
        }

        Assert.Equal(45, compared);
    }

    [Theory]
    [InlineData("slcp-amnre", "slcp-amnre_kl.json")]
    [InlineData("slcp-mnre", "slcp-mnre_kl.json")]
    [InlineData("slcp-mnpe", "slcp-mnpe_kl.json")]
    [InlineData("slcp-npe-inv-adv", "slcp-npe-inv-adv_roc.json")]
    public void Divergences_are_the_originals(string model, string result)
    {
        var expected = JsonNode.Parse(File.ReadAllText(GoldenFile.Path($"results/{result}")))!.AsObject();
        var settings = FixtureResults.Settings(model) with
        {
            Masks = [.. expected.Select(pair => pair.Key)],
            Last = 0,
            BatchSize = 4096,
            Kl = true,
        };
        FixtureResults.Run(model, FixtureResults.Samples("slcp-test"), settings, _scratch["out.csv"]);

        Assert.False(File.Exists(_scratch["out.csv"]));
        var actual = JsonNode.Parse(File.ReadAllText(_scratch["out.json"]))!.AsObject();
        Assert.Equal(expected.Select(pair => pair.Key), actual.Select(pair => pair.Key));
        foreach (var (mask, values) in expected)
            foreach (var (name, value) in values!.AsObject())
                Assert.Equal(value!.GetValue<double>(), actual[mask]![name]!.GetValue<double>(), 2e-5);
    }

    [Theory]
    [InlineData("slcp-amnre", "fixtures/slcp-amnre_roc.h5")]
    [InlineData("slcp-mnpe-adv", "fixtures/slcp-mnpe-adv_roc.h5")]
    [InlineData("slcp-npe-inv-adv", "fixtures/slcp-npe-inv-adv_roc.h5")]
    [InlineData("hh-amnre-adv", "results/hh-amnre-adv_roc.h5")]
    public void Classified_pairs_are_the_originals(string model, string result)
    {
        using var expected = H5File.OpenRead(GoldenFile.Path(result));
        var masks = expected.Children().Select(child => child.Name).ToList();
        var settings = FixtureResults.Settings(model) with { Masks = masks, Last = 0, BatchSize = 4096, Classify = true };
        FixtureResults.Run(model, FixtureResults.Samples(model.StartsWith("hh", StringComparison.Ordinal) ? "hh-test" : "slcp-test"),
            settings, _scratch["out.csv"]);

        using var actual = H5File.OpenRead(_scratch["out.h5"]);
        Assert.Equal(masks.Order(), actual.Children().Select(child => child.Name).Order());
        foreach (var mask in masks)
        {
            Assert.Equal(expected.Dataset(mask).Space.Dimensions, actual.Dataset(mask).Space.Dimensions);
            var (a, b) = (expected.Dataset(mask).Read<float[]>(), actual.Dataset(mask).Read<float[]>());
            for (var i = 0; i < a.Length; i++) Close(a[i], b[i], 5e-5);
        }
    }

    /// <summary>Masks that the model lacks are named and left out; batches that do not divide the rows change the pairs but not their
    /// number.</summary>
    [Fact]
    public void A_mask_that_the_model_lacks_is_skipped_by_name()
    {
        var settings = FixtureResults.Settings("slcp") with { Masks = ["00100", "11100"], Last = 0, BatchSize = 1000, Classify = true };
        var notes = FixtureResults.Run("slcp-mnre", FixtureResults.Samples("slcp-test"), settings, _scratch["out.csv"]);

        Assert.Contains("was not trained for mask 11100: skipped", Assert.Single(notes), StringComparison.Ordinal);
        using var actual = H5File.OpenRead(_scratch["out.h5"]);
        Assert.Equal("00100", Assert.Single(actual.Children()).Name);
        var rows = actual.Dataset("00100").Read<float[]>();
        Assert.Equal(4096, rows.Where((_, i) => i % 3 == 0).Count(label => label == 1));
        Assert.Equal([1, 0, 1], new[] { rows[3 * 999], rows[3 * 1000], rows[3 * 2000] });
    }

    /// <summary>A flow's draws: as many of 8192 fall into the box, and as evenly, as the original's.</summary>
    [Theory]
    [InlineData("slcp-npe", "slcp-test", "slcp-npe", 32, 1000, 256 * 32)]
    [InlineData("slcp-mnpe", "slcp-test", "slcp-mnpe", 64, 100_000, 256 * 64)]
    [InlineData("hh-npe", "hh-event", "hh-npe-event", 32, 1e7, 256 * 32)]
    public void Draws_of_a_flow_agree_with_the_originals(string model, string samples, string result, int steps, double limit, double draws)
    {
        var settings = FixtureResults.Settings(model) with
        {
            Steps = steps,
            Burn = 0,
            McmcLimit = limit,
            Masks = [model.StartsWith("hh", StringComparison.Ordinal) ? "11111111" : "11111"],
        };
        FixtureResults.Run(model, FixtureResults.Samples(samples), settings, _scratch["out.csv"]);
        var actual = Assert.Single(FixtureResults.Table(_scratch["out.csv"]));
        var expected = FixtureResults.Table(GoldenFile.Path($"results/{result}.csv"))[actual.Key];

        // The original counts where a probability belongs.
        var fraction = expected["total_probability"] / draws;
        Assert.Equal(fraction, actual.Value["total_probability"], 5 * Math.Sqrt(2 * fraction * (1 - fraction) / draws) + 1e-9);
        // Of as many samples, so with the same bias; cells that few share have the entropy log n, n within its own noise.
        Assert.Equal(expected["entropy"], actual.Value["entropy"], 0.03 + 5 * Math.Sqrt(2 / (fraction * draws)));
        Assert.StartsWith("index,mask,way,samples,effective_size,acceptance,parameters\n0,", File.ReadAllText(_scratch["out_sampling.csv"]),
            StringComparison.Ordinal);
    }

    /// <summary>Chains and importance, where the original laid a grid of all parameters: their marginals are that grid's.</summary>
    [Theory]
    [InlineData(SamplingMethod.Chains)]
    [InlineData(SamplingMethod.Importance)]
    public void Samples_of_a_ratio_agree_with_the_originals_grid(SamplingMethod way)
    {
        var settings = FixtureResults.Settings("slcp") with
        {
            Masks = ["11111"],
            Bins = 8,
            McmcLimit = 1000,
            BatchSize = 1024,
            Steps = 544,
            Sampling = way,
        };
        FixtureResults.Run("slcp-nre", FixtureResults.Samples("slcp-test"), settings, _scratch["out.csv"]);

        Assert.Equal(1, Assert.Single(FixtureResults.Table(_scratch["out.csv"])).Value["total_probability"]);
        var (grid, sampled) = (FixtureResults.Histogram("slcp-nre_0_11111"),
            Assert.IsType<SparseHistogram>(HistogramFile.Read(_scratch["out_0_11111.pth"])));
        foreach (var text in (string[])["10000", "01000", "00100", "00010", "00001", "11000", "00110"])
        {
            var mask = FixtureResults.Mask(text);
            var distance = grid.Marginal(mask).Values.Zip(sampled.Marginal(mask).Values, (a, b) => Math.Abs(a - b)).Sum() / 2;
            Assert.True(distance < (mask.Count == 1 ? 0.01 : 0.022), $"{text}: total variation {distance}");
        }
    }

    private int CompareTable(string result)
    {
        var (expected, actual) = (FixtureResults.Table(GoldenFile.Path($"results/{result}.csv")),
            FixtureResults.Table(_scratch["out.csv"]));
        foreach (var (key, row) in actual)
            foreach (var (column, value) in row) Close(expected[key][column], value, 2e-5, 3e-6);
        return actual.Count;
    }

    private static void Close(double expected, double actual, double relative, double absolute = 1e-7) =>
        Assert.True(Math.Abs(expected - actual) <= relative * Math.Abs(expected) + absolute, $"{actual} is not {expected}");
}
