using System.Text.Json.Nodes;
using Amnre.Cli.Tests.Original;
using PureHDF;

namespace Amnre.Cli.Tests.Inference;

/// <summary>The real command on a hardly trained model of the original and fresh simulations.</summary>
public sealed class VerdictVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-test-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_requirement_that_fails_is_exit_code_3_and_the_report_is_complete()
    {
        await SampleAsync();
        var model = OriginalFiles.Given("slcp-amnre.pth");
        await File.WriteAllTextAsync(At("far.csv"), "90,-90,90,-90,90,-90,90,-90\n", Stop);

        var met = await CommandProcess.RunAsync(
            _folder, $"verdict {model} test.h5 --rows 64 --observation far.csv --require finite -o v.json", Stop);
        var unmet = await CommandProcess.RunAsync(
            _folder, $"verdict {model} test.h5 --rows 64 --observation far.csv --require finite likeness c2st -o w.json --json", Stop);

        Assert.Equal(0, met.Code);
        Assert.Contains("FAIL: these posteriors mislead", met.Output, StringComparison.Ordinal);
        Assert.Equal(3, unmet.Code);
        // C2ST could not be checked: there are no reference draws.
        Assert.Contains("likeness, c2st are required, and failed or could not be checked", unmet.Error, StringComparison.Ordinal);
        var report = JsonNode.Parse(unmet.Output)!;
        Assert.Equal("fail", report["verdict"]!.GetValue<string>());
        Assert.Equal(64, report["rows"]!.GetValue<int>());
        Assert.Equal(await File.ReadAllTextAsync(At("v.json"), Stop), await File.ReadAllTextAsync(At("w.json"), Stop));
        var likeness = report["observations"]![0]!["checks"]!.AsArray().Single(check => check!["check"]!.GetValue<string>() == "likeness")!;
        Assert.Equal((0, "fail"), (likeness["number"]!.GetValue<double>(), likeness["verdict"]!.GetValue<string>()));
        Assert.Contains(report["information"]!.AsArray(), one => one!["parameters"]!.AsArray().Count == 5);
    }

    [Theory]
    [InlineData("--require covrage", "--require 'covrage' is no check: choose of coverage, ranks, tarp")]
    [InlineData("--threshold coverage", "--threshold 'coverage' is no CHECK=NUMBER")]
    [InlineData("--threshold total=0.5", "threshold total=0.5 cannot be: write a number above 1")]
    [InlineData("--threshold information=1", "threshold information=1 cannot be: write a number below 0")]
    [InlineData("--threshold ranks=0.1 --threshold ranks=0.2", "--threshold names 'ranks' twice")]
    [InlineData("--rows 10", "--rows 10 tell nothing of calibration: write 64 or more")]
    [InlineData("--ensemble other.pth", "give --observation too")]
    [InlineData("-o verdict.csv", "does not end in .json")]
    [InlineData("-o model.json", "would write over a file that is read")]
    [InlineData("", "there is no model 'model.pth'")]
    public async Task What_cannot_be_meant_is_exit_code_2_and_nothing_is_written(string options, string says)
    {
        var refused = await CommandProcess.RunAsync(_folder, $"verdict model.pth test.h5 {options}".TrimEnd(), Stop);

        Assert.Equal(2, refused.Code);
        Assert.Contains(says, refused.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder));
    }

    /// <summary>Draws of the same posterior with another seed are as right as its own; draws of another posterior are not.</summary>
    [Fact]
    public async Task Reference_draws_are_told_from_the_model_s_where_they_differ()
    {
        await SampleAsync();
        var model = OriginalFiles.Given("slcp-amnre.pth");
        var drawn = await CommandProcess.RunAsync(_folder,
            $"eval {model} test.h5 -masks 11111 -indices 0 1 -steps 8 -burn 4 -bs 64 -clean --draws 2000 --seed 5 -o right.csv", Stop);
        Assert.True(drawn.Code == 0, drawn.Error);
        var right = Directory.EnumerateFiles(_folder, "right*.h5").Single();
        var random = new Random(1);
        new H5File
        {
            ["index"] = new long[] { 0 },
            ["11111"] = new H5Dataset<float[]>(
                [.. Enumerable.Range(0, 2000 * 5).Select(_ => (float)(random.NextDouble() - 0.5))], fileDims: [1, 2000, 5]),
        }.Write(At("wrong.h5"));

        var good = await CommandProcess.RunAsync(
            _folder, $"verdict {model} test.h5 --rows 64 --reference {right} --require c2st -o good.json", Stop);
        var bad = await CommandProcess.RunAsync(
            _folder, $"verdict {model} test.h5 --rows 64 --reference wrong.h5 --require c2st -o bad.json", Stop);

        Assert.True(good.Code == 0, good.Output + good.Error);
        Assert.InRange(Number("good.json", "c2st"), 0.45, 0.55);
        Assert.Equal(3, bad.Code);
        Assert.InRange(Number("bad.json", "c2st"), 0.75, 1);
        Assert.Contains("c2st is required, and failed", bad.Error, StringComparison.Ordinal);
    }

    /// <summary>A model agrees with itself; one of another simulator is no member.</summary>
    [Fact]
    public async Task An_ensemble_is_of_models_of_one_simulator()
    {
        await SampleAsync();
        await File.WriteAllTextAsync(At("obs.csv"), "1,2,1,2,1,2,1,2\n", Stop);
        var model = OriginalFiles.Given("slcp-amnre.pth");
        foreach (var ending in (string[])["pth", "json"]) File.Copy(Path.ChangeExtension(model, ending), At($"twin.{ending}"));

        var good = await CommandProcess.RunAsync(_folder,
            $"verdict {model} test.h5 --rows 64 --observation obs.csv --ensemble twin.pth --require ensemble -o good.json", Stop);
        var bad = await CommandProcess.RunAsync(_folder,
            $"verdict {model} test.h5 --rows 64 --observation obs.csv --ensemble {OriginalFiles.Given("hh-amnre.pth")} -o bad.json", Stop);

        Assert.True(good.Code == 0, good.Output + good.Error);
        Assert.Equal(0, Number("good.json", "ensemble"), 1e-6);
        Assert.Equal(2, bad.Code);
        Assert.Contains("an ensemble is of models of one simulator", bad.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(At("bad.json")));
    }

    [Fact]
    public async Task Data_without_truth_or_with_too_few_rows_are_refused()
    {
        await SampleAsync();
        var model = OriginalFiles.Given("slcp-amnre.pth");

        var few = await CommandProcess.RunAsync(_folder, $"verdict {model} few.h5 -o v.json", Stop);
        var other = await CommandProcess.RunAsync(_folder, $"verdict {model} {OriginalFiles.Given("hh-test.h5")} -o v.json", Stop);

        Assert.Equal((2, 2), (few.Code, other.Code));
        Assert.Contains("has 8 rows: a verdict takes 64 or more", few.Error, StringComparison.Ordinal);
        Assert.Contains("are not those of SLCP", other.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(At("v.json")));
    }

    [Fact]
    public async Task Pairs_and_nested_models_are_told_of_an_observation()
    {
        await File.WriteAllTextAsync(At("obs.csv"), "1,2,1,2,1,2,1,2\n", Stop);
        var model = OriginalFiles.Given("slcp-amnre.pth");

        var inferred = await CommandProcess.RunAsync(_folder, $"infer {model} obs.csv --bayes-factor θ₁=0.5 --draws 500", Stop);
        var outside = await CommandProcess.RunAsync(_folder, $"infer {model} obs.csv --bayes-factor θ₁=9 -o out.h5", Stop);
        var two = await CommandProcess.RunAsync(
            _folder, $"infer {model} obs.csv --given θ₁=1 --given θ₂=0.5 --figures 0 --draws 100 --json -o two.h5", Stop);
        var given = await CommandProcess.RunAsync(_folder, $"infer {model} obs.csv --bayes-factor θ₁=1 --given θ₁=1 -o out.h5", Stop);

        Assert.Equal((0, 2, 2, 0), (inferred.Code, outside.Code, given.Code, two.Code));
        // Each of the values counts, not the last alone.
        Assert.Equal(["θ₁", "θ₂"], JsonNode.Parse(two.Output)!["given"]!.AsObject().Select(value => value.Key));
        Assert.Contains("Bayes factor for θ₁ = 0.5 against its prior: e^", inferred.Output, StringComparison.Ordinal);
        Assert.Contains("information of pairs: ", inferred.Output, StringComparison.Ordinal);
        Assert.Contains("θ₁ = 9 is outside its prior, [-3, 3): give a value within", outside.Error, StringComparison.Ordinal);
        Assert.Contains("a Bayes factor of θ₁ takes its posterior, which is not asked for", given.Error, StringComparison.Ordinal);
        var summary = JsonNode.Parse(await File.ReadAllTextAsync(At("obs_posterior.json"), Stop))!["posteriors"]![0]!;
        Assert.Equal(10, summary["pairs"]!.AsArray().Count);
        Assert.True(double.IsFinite(summary["bayes_factors"]![0]!["log_bayes_factor"]!.GetValue<double>()));
        Assert.True(File.Exists(At("obs_posterior_information.png")));
        Assert.False(File.Exists(At("out.h5")));
    }

    private async Task SampleAsync()
    {
        foreach (var (name, rows) in ((string, int)[])[("test.h5", 128), ("few.h5", 8)])
        {
            var sampled = await CommandProcess.RunAsync(_folder, $"sample -simulator SLCP -seed 9 -samples {rows} -o {name}", Stop);
            Assert.Equal(0, sampled.Code);
        }

    }

    private double Number(string report, string check)
    {
        var root = JsonNode.Parse(File.ReadAllText(At(report)))!;
        return root["checks"]!.AsArray().Concat(root["observations"]!.AsArray().SelectMany(one => one!["checks"]!.AsArray()))
            .Single(one => one!["check"]!.GetValue<string>() == check)!["number"]!.GetValue<double>();
    }

    private string At(string name) => Path.Combine(_folder, name);
}
