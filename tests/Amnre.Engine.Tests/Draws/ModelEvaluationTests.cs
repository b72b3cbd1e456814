using System.Globalization;
using System.Text.Json.Nodes;
using Amnre.Engine.Draws;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Histograms;
using Amnre.Engine.Settings;
using Amnre.Engine.Tests.ChainRule;
using PureHDF;

namespace Amnre.Engine.Tests.Draws;

/// <summary>Evaluations of an estimate that is exact: what is made of draws must say so.</summary>
public sealed class ModelEvaluationTests : IDisposable
{
    private const int Rows = 12;

    private readonly ScratchDirectory _scratch = new();
    private readonly NormalEstimate _exact = new(3, 0.8);

    public ModelEvaluationTests()
    {
        var theta = Enumerable.Range(0, Rows * 3).Select(i => (float)_exact.Mean[i % 3]).ToArray();
        new H5File
        {
            ["theta"] = new H5Dataset<float[]>(theta, fileDims: [Rows, 3]),
            ["x"] = new H5Dataset<float[]>(new float[Rows], fileDims: [Rows, 1]),
        }.Write(_scratch["samples.h5"]);
    }

    public void Dispose() => _scratch.Dispose();

    private static EvaluateSettings Settings => new() { Simulator = "NORMAL", Last = Rows, Masks = ["=1", "110"], Bins = 40, Clean = true };

    [Fact]
    public void Histograms_given_values_are_those_of_the_conditional()
    {
        float[] values = [(float)_exact.Mean[0] + 0.1f];
        var settings = Settings with
        {
            Last = 1,
            Masks = ["=1"],
            Clean = false,
            Bins = 1000,
            Given = new Dictionary<string, float> { ["p0"] = values[0] },
        };

        Assert.Equal(RunEnd.Completed, Run(settings, "out").End);

        Assert.False(File.Exists(_scratch["out/histograms/0_100.pth"]));
        var (mean, covariance) = _exact.Given([1, 2], [0], values);
        foreach (var (place, mask) in new[] { "010", "001" }.Index())
        {
            var histogram = HistogramFile.Read(_scratch[$"out/histograms/0_{mask}.pth"]);
            var (low, high) = ((double)_exact.Low[place + 1], (double)_exact.High[place + 1]);
            double[] centres = [.. Enumerable.Range(0, 1000).Select(i => low + (i + 0.5) * (high - low) / 1000)];
            var found = centres.Zip(histogram.Masses.ToArray()).Sum(cell => cell.First * cell.Second);
            Assert.Equal(mean[place], found, 1e-3);
            Assert.Equal(covariance[place, place],
                centres.Zip(histogram.Masses.ToArray()).Sum(cell => (cell.First - found) * (cell.First - found) * cell.Second), 1e-3);
        }

        // Relative to the density of what is given.
        Assert.Equal(1, (double)Summary("out")["mean_total_probability_1d"]!, 1e-3);
    }

    [Fact]
    public void Tables_of_draws_are_the_same_bytes_again_and_their_numbers_are_in_the_summary()
    {
        var settings = Settings with { Draws = 20, Diagnostics = true, Coverage = true };
        var written = Run(settings, "one").Written.Select(Path.GetFileName);
        Run(settings, "two");

        Assert.Equal(["table.csv", "coverage.csv", "draws.h5", "ranks.csv", "tarp.csv", "diagnostics.csv"], written);
        AssertSame("one", "two");
        Assert.InRange((double)Summary("one")["max_tarp_deviation_1d"]!, 0, 1);
        Assert.NotNull(Summary("one")["mean_entropy_1d"]);
    }

    /// <summary>Of a posterior that has to be sampled, draws alone take what so many draws take, and the table is of them.</summary>
    [Theory]
    [InlineData(false, SamplingMethod.Chains, "chains")]
    [InlineData(true, SamplingMethod.Chains, "chain rule")]
    [InlineData(false, SamplingMethod.Importance, "importance")]
    public void Draws_alone_run_no_chains_for_histograms(bool marginals, SamplingMethod sampling, string way)
    {
        var exact = new NormalEstimate(3, 0.8) { Known = mask => marginals || mask.Count == 3 };
        // As many states would take hours.
        var settings = Settings with { Last = 2, Masks = ["111"], McmcLimit = 100, Steps = 1 << 26, Burn = 1 << 25, Draws = 20 };
        if (sampling == SamplingMethod.Importance) settings = settings with { Sampling = sampling, Steps = 64, Burn = 0 };

        ModelEvaluation.Run(settings, exact, exact, new EvaluateInputs("exact.pth", _scratch["samples.h5"]),
            EvaluationOutputs.InDirectory(_scratch["out"]), RunContexts.Quiet);

        Assert.StartsWith("0,111,,,", File.ReadLines(_scratch["out/table.csv"]).ElementAt(1), StringComparison.Ordinal);
        var rows = File.ReadLines(_scratch["out/sampling.csv"]).Skip(1).Select(line => line.Split(',')).ToList();
        Assert.Equal(["0", "1"], rows.Select(row => row[0]));
        Assert.All(rows, row => Assert.Equal((way, "20"), (row[2], row[3])));
        Assert.All(rows, row => Assert.InRange(double.Parse(row[4], CultureInfo.InvariantCulture), 5, 20));
        var summary = Summary("out");
        Assert.Equal(2, (int)summary["observations"]!);
        Assert.Null(summary["mean_total_probability_3d"]);
        Assert.Null(summary["mean_entropy_3d"]);
        Assert.InRange((double)summary["min_effective_draws_3d"]!, 5, 20);
    }

    /// <summary>Where the density is known up to a factor, the total is made 1, which is no praise of the model.</summary>
    [Theory]
    [InlineData(true, "=1")]
    [InlineData(false, "111")]
    public void A_total_that_is_made_one_is_not_a_metric(bool factor, string mask)
    {
        var exact = new NormalEstimate(3, 0.8) { HasFreeFactor = factor };
        var settings = Settings with { Masks = [mask], McmcLimit = 100, Steps = 96, Burn = 32, BatchSize = 256 };

        ModelEvaluation.Run(settings, exact, exact, new EvaluateInputs("exact.pth", _scratch["samples.h5"]),
            EvaluationOutputs.InDirectory(_scratch["out"]), RunContexts.Quiet);

        var summary = Summary("out");
        var size = factor ? 1 : 3;
        Assert.NotNull(summary[$"mean_entropy_{size}d"]);
        Assert.Null(summary[$"mean_total_probability_{size}d"]);
        if (!factor) Assert.InRange((double)summary["mean_effective_size_3d"]!, 256, 64 * 256);
    }

    [Fact]
    public void Draws_of_one_posterior_by_other_numbers_cannot_be_told_apart()
    {
        var settings = Settings with { Last = 1, Masks = ["110"], Draws = 400 };
        Run(settings with { Seed = 7 }, "known");
        settings = settings with { Reference = ReferenceDraws.Named(_scratch["known/draws.h5"]) };

        Assert.Contains("c2st.csv", Run(settings, "one").Written.Select(Path.GetFileName));
        Run(settings, "two");

        AssertSame("one", "two");
        Assert.InRange((double)Summary("one")["mean_c2st_2d"]!, 0.42, 0.58);
    }

    [Fact]
    public void A_reference_that_changed_is_refused()
    {
        Run(Settings with { Last = 1, Draws = 60 }, "known");
        var settings = Settings with { Last = 1, Draws = 60, Reference = ReferenceDraws.Named(_scratch["known/draws.h5"]) };
        Run(Settings with { Last = 1, Draws = 61 }, "known");

        Assert.Contains("has changed since this work was planned", Assert.Throws<InputException>(() => { Run(settings, "out"); }).Message,
            StringComparison.Ordinal);
        Assert.Contains("there is no such file",
            Assert.Throws<InputException>(() => { Run(settings with { Reference = "gone.h5" }, "out"); }).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Draws_drain_and_stop_as_the_rest_does()
    {
        using var drain = new CancellationTokenSource();
        var context = RunContexts.Quiet with { Drain = drain.Token, Progress = new WhenDrawing(drain) };
        Assert.Equal(RunEnd.Drained, Run(Settings with { Draws = 500 }, "out", context).End);
        Assert.False(File.Exists(_scratch["out/draws.h5"]));

        using var stop = new CancellationTokenSource();
        context = RunContexts.Quiet with { Stop = stop.Token, Progress = new WhenDrawing(stop) };
        Assert.ThrowsAny<OperationCanceledException>(() => { Run(Settings with { Draws = 500 }, "out", context); });
    }

    private EvaluationEnd Run(EvaluateSettings settings, string folder, RunContext? context = null)
    {
        Directory.CreateDirectory(_scratch[folder]);
        return ModelEvaluation.Run(settings, _exact, _exact, new EvaluateInputs("m.pth", _scratch["samples.h5"]),
            EvaluationOutputs.InDirectory(_scratch[folder]), context ?? RunContexts.Quiet);
    }

    private void AssertSame(string one, string other)
    {
        foreach (var path in Directory.GetFiles(_scratch[one]))
            Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(_scratch[$"{other}/{Path.GetFileName(path)}"]));
    }

    private JsonObject Summary(string folder) => JsonNode.Parse(File.ReadAllText(_scratch[$"{folder}/summary.json"]))!.AsObject();

    private sealed class WhenDrawing(CancellationTokenSource source) : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
            if (value.Unit == "observations drawn from") source.Cancel();
        }
    }
}
