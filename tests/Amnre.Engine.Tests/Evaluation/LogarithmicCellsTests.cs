using System.Text.Json;
using Amnre.Engine.Datasets;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.MassTransport;
using Amnre.Engine.Sampling;
using Amnre.Engine.Settings;
using Amnre.Engine.Tables;

namespace Amnre.Engine.Tests.Evaluation;

/// <summary>Evaluations of log-uniform parameters: a study whose parameters are scales must be judged as the same study in
/// logarithms.</summary>
public sealed class LogarithmicCellsTests : IDisposable
{
    private const int Rows = 600;

    private static readonly ParameterMask[] Masks = [.. new[] { "100", "010", "001", "101", "111" }.Select(ParameterMask.Parse)];

    private readonly ScratchDirectory _scratch = new();
    private readonly ScaleStudy _scales = new(isLogarithmic: true), _logarithms = new(isLogarithmic: false);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void The_histogram_of_the_prior_is_flat_and_whole()
    {
        foreach (var mask in Masks)
        {
            var (histogram, total) = new MarginalGrid(_scales, mask, 20).Evaluate(new PriorPosterior(_scales), new float[3], 1, 4096)[0];
            Assert.Equal(1, total, 1e-4);
            Assert.Equal(1, histogram.Values.Sum(mass => (double)mass), 1e-5);
            Assert.All(histogram.Values, mass => Assert.Equal(1, mass * histogram.Values.Length, 1e-4));
            Assert.Equal(Math.Log(histogram.Values.Length), HistogramMeasures.Entropy(histogram.Values), 1e-5);
            Assert.Equal(0, HistogramMeasures.Divergence(histogram, histogram));
        }
    }

    /// <summary>Both ways of counting draws agree with the grid.</summary>
    [Fact]
    public void Counted_draws_of_the_prior_fill_all_cells_alike()
    {
        const int Bins = 4, Draws = 40_000;
        var (theta, x) = (new float[Draws * 3], new float[Draws * 3]);
        _scales.Sample(5, 0, theta, x);
        var counts = CellCounts.Of(_scales, ParameterMask.Full(3), Bins);
        counts.Add(theta);
        var counted = counts.Normalised();
        foreach (var mask in Masks)
        {
            var expected = 1 / Math.Pow(Bins, mask.Count);
            Assert.All(counted.Marginal(mask).Values, mass => Assert.Equal(expected, mass, 5 * Math.Sqrt(expected / Draws)));
        }

        // Each value is within its own cell, and at or beyond a bound in the last one.
        var axis = CellAxis.Of(_scales, 0);
        Assert.All(Enumerable.Range(0, 50), cell => Assert.Equal(cell, axis.CellOf(axis.Centre(cell, 50), 50)));
        Assert.Equal((0, 49, 0, 49), (axis.CellOf(axis.Low, 50), axis.CellOf(axis.High, 50), axis.CellOf(0, 50), axis.CellOf(1e9f, 50)));
        Assert.Equal(49, axis.CellOf(float.BitDecrement(axis.High), 50));
    }

    [Fact]
    public void Grids_samples_and_distances_are_those_of_the_logarithms()
    {
        float[] x = [-2.5f, 0.3f, 9], other = [-1.5f, 0.1f, 8];
        var settings = new EvaluateSettings { Simulator = "SCALES", EmdLimit = 1e4 };
        foreach (var mask in Masks)
        {
            var bins = mask.Count == 3 ? 16 : 60;
            Histogram Of(ScaleStudy study, float[] at) => new MarginalGrid(study, mask, bins).Evaluate(study, at, 1, 4096)[0].Histogram;
            var (scales, logarithms) = (Of(_scales, x), Of(_logarithms, x));
            Assert.All(scales.Values.Zip(logarithms.Values), cell => Assert.Equal(cell.Second, cell.First, 1e-6 + 2e-4 * cell.Second));
            Assert.Equal(HistogramMeasures.Entropy(logarithms.Values), HistogramMeasures.Entropy(scales.Values), 1e-4);
            Assert.Equal(HistogramMeasures.Divergence(logarithms, Of(_logarithms, other)),
                HistogramMeasures.Divergence(scales, Of(_scales, other)), 2e-3);
            if (mask.Count == 3) continue;
            foreach (var emd in mask.Count == 1 ? [DistanceMethod.Exact, DistanceMethod.Entropic] : new[] { DistanceMethod.Entropic })
                Assert.Equal(EarthMover.Between(settings with { Emd = emd }, logarithms, Of(_logarithms, other))!.Value,
                    EarthMover.Between(settings with { Emd = emd }, scales, Of(_scales, other))!.Value, 1e-3);
        }
    }

    [Theory]
    [InlineData(1e7)]
    [InlineData(10)]
    public void Coverage_is_that_of_the_logarithms(double limit)
    {
        var settings = new EvaluateSettings
        {
            Simulator = "SCALES",
            Last = limit > 100 ? Rows : 60,
            Masks = ["=1"],
            Bins = 128,
            Clean = true,
            Calibration = true,
            McmcLimit = limit,
            BatchSize = 128,
            Steps = 160,
            Burn = 80,
        };
        var (scales, logarithms) = (Run(_scales, settings), Run(_logarithms, settings));
        // Chains make the total 1.
        if (limit > 100) Assert.Equal(1, scales["mean_total_probability_1d"], 1e-3);
        Assert.Equal(logarithms["mean_entropy_1d"], scales["mean_entropy_1d"], limit > 100 ? 1e-3 : 0.05);
        if (limit > 100)
        {
            Assert.Equal(logarithms["calibration_deviation_1d"], scales["calibration_deviation_1d"], 2e-3);
            Assert.InRange(scales["calibration_deviation_1d"], 0, 0.04);
        }
        else
        {
            Assert.InRange(scales["calibration_deviation_1d"], 0, 0.12);
        }
    }

    [Fact]
    public void Tables_name_the_parameters_of_each_line()
    {
        var settings = new EvaluateSettings
        {
            Simulator = "SCALES",
            Last = 12,
            Masks = ["=1", "110"],
            Bins = 16,
            Clean = true,
            Coverage = true,
            Diagnostics = true,
            Draws = 60,
            McmcLimit = 100,
            BatchSize = 32,
            Steps = 64,
            Burn = 32,
        };
        Run(_scales, settings);
        Assert.Equal(["tau", "rate, 1/s", "mass", "tau, rate, 1/s"],
            CsvTable.Read(_scratch["out/table.csv"]).Texts("parameters").Distinct());
        Assert.Equal(["tau, rate, 1/s"], CsvTable.Read(_scratch["out/sampling.csv"]).Texts("parameters").Distinct());
        foreach (var table in (string[])["coverage", "tarp"])
            Assert.Equal(4, CsvTable.Read(_scratch[$"out/{table}.csv"]).Texts("parameters").Distinct().Count());
        var ranks = CsvTable.Read(_scratch["out/ranks.csv"]);
        Assert.All(ranks.Numbers("parameter").Zip(ranks.Texts("name")),
            row => Assert.Equal(_scales.Labels[(int)row.First], row.Second));
        Assert.Contains("tau, rate, 1/s", CsvTable.Read(_scratch["out/diagnostics.csv"]).Texts("name"));
    }

    private Dictionary<string, double> Run(ScaleStudy study, EvaluateSettings settings)
    {
        ShardSampling.Run(new SampleSettings { Simulator = "SCALES", Seed = 1, Start = 0, Rows = Rows }, study,
            _scratch[$"rows-{study.IsLogarithmic(0)}"], RunContexts.Quiet);
        var inputs = new EvaluateInputs("model.pth", _scratch[$"rows-{study.IsLogarithmic(0)}/{ShardSampling.OutputName}"]);
        Amnre.Engine.Draws.ModelEvaluation.Run(
            settings, study, study, inputs, EvaluationOutputs.InDirectory(_scratch["out"]), RunContexts.Quiet);
        return JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(_scratch["out/summary.json"]))!;
    }
}
