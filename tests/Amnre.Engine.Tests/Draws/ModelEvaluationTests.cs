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
