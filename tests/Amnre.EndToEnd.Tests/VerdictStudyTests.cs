using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Amnre.EndToEnd.Tests;

/// <summary>A study whose figures depend on a verdict.</summary>
public sealed class VerdictStudyTests
{
    /// <summary>A model that is hardly trained, of which the verdict sees that it knows nothing.</summary>
    private const string Judged =
        """
        name: judged
        simulator: SLCP
        datasets:
          train: { rows: 1024, seed: 0 }
          test: { rows: 64, seed: 1 }
        models:
          amnre: { samples: train, arbitrary: true, model: { num_layers: 1, hidden_size: 16, activation: ELU }, epochs: 1, bs: 128 }
        evaluations:
          check: { data: test, masks: [=1], indices: [0, 2], bins: 16, verdict_rows: 64, require: [REQUIRED]THRESHOLDS }
          free: { data: test, masks: [=1], indices: [0, 2], bins: 16 }
        figures:
          corner: { type: corner, evaluation: check, masks: ["11000"] }
          other: { type: corner, evaluation: free, masks: ["11000"] }
        """;

    [Fact]
    public async Task What_depends_on_a_failed_requirement_does_not_run_and_nothing_is_computed_again()
    {
        var stop = TestContext.Current.CancellationToken;
        using var study = new Study(Written("tarp"));

        var (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);

        // The evaluation and its verdict are there, so that a person sees why.
        Assert.True(code == 1, printed);
        var results = study.Results("judged");
        Assert.All(["results/amnre_check.csv", "results/amnre_check_verdict.json", "figures/other.png"],
            path => Assert.True(results.ContainsKey(path), string.Join(" ", results.Keys)));
        Assert.DoesNotContain(results.Keys, path => path.StartsWith("figures/corner", StringComparison.Ordinal));
        var check = JsonNode.Parse(results["results/amnre_check_verdict.json"])!["checks"]!.AsArray()
            .Single(one => one!["check"]!.GetValue<string>() == "tarp")!;
        Assert.Equal("fail", check["verdict"]!.GetValue<string>());
        var reason = FormattableString.Invariant(
            $"tarp {check["number"]!.GetValue<double>():0.####} is above 0.05, required by evaluation 'check': ");
        Assert.Contains($"failed require/check/amnre: {reason}", printed, StringComparison.Ordinal);
        Assert.Contains("verdict/check/amnre: FAIL: these posteriors mislead", printed, StringComparison.Ordinal);

        // The same again: only the requirement is compared again, once.
        (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);
        Assert.True(code == 1, printed);
        Assert.Contains("2 to run, 9 reused", printed, StringComparison.Ordinal);
        Assert.Contains($"failed require/check/amnre: {reason}", printed, StringComparison.Ordinal);

        // What is required alone decides: the verdict stays.
        await File.WriteAllTextAsync(study.ExperimentFile, Written("finite"), stop);
        (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);
        Assert.True(code == 0, printed);
        Assert.Contains("2 jobs run, 9 reused", printed, StringComparison.Ordinal);
        Assert.Contains("figures/corner.png", study.Results("judged").Keys);

        // Another limit measures the verdict again, but evaluates nothing.
        await File.WriteAllTextAsync(study.ExperimentFile, Written("tarp", ", thresholds: { tarp: 0.99 }"), stop);
        (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);
        Assert.True(code == 0, printed);
        Assert.Contains("3 jobs run, 8 reused", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verdict_has_the_same_bytes_after_its_worker_was_killed()
    {
        var stop = TestContext.Current.CancellationToken;
        var text = Written("finite").Replace("verdict_rows: 64", "verdict_rows: 1024", StringComparison.Ordinal)
            .Replace("test: { rows: 64", "test: { rows: 1024", StringComparison.Ordinal);
        using var quiet = new Study(text);
        var (code, printed) = await AmnreProcess.RunAsync(stop, quiet.RunArguments);
        Assert.True(code == 0, printed);

        using var disturbed = new Study(text);
        using var running = AmnreProcess.Start(disturbed.RunArguments);
        var worker = await disturbed.WorkerOfAsync(running, "verdict/check/amnre", _ => true, stop);
        Process.GetProcessById(worker).Kill();
        code = await running.EndAsync(stop);

        Assert.True(code == 0, running.Printed);
        Assert.Equal(quiet.Results("judged")["results/amnre_check_verdict.json"],
            disturbed.Results("judged")["results/amnre_check_verdict.json"]);
    }

    [Fact]
    public async Task A_figure_of_an_observation_depends_on_what_its_verdict_says_of_it()
    {
        var stop = TestContext.Current.CancellationToken;
        using var study = new Study(Observed);
        await File.WriteAllTextAsync(Path.Combine(study.Folder, "near.csv"), "0.4,0.1,-0.3,0.2,0.5,-0.6,0.1,0.3\n", stop);
        await File.WriteAllTextAsync(Path.Combine(study.Folder, "far.csv"), "0.4,0.1,-0.3,0.2,900,-0.6,0.1,0.3\n", stop);

        var (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);

        Assert.True(code == 1, printed);
        var results = study.Results("observed");
        Assert.Contains("figures/near.png", results.Keys);
        Assert.DoesNotContain("figures/far.png", results.Keys);
        Assert.Contains("unlike all simulations", Encoding.UTF8.GetString(results["figures/strange.svg"]), StringComparison.Ordinal);
        Assert.DoesNotContain("unlike", Encoding.UTF8.GetString(results["figures/near.svg"]), StringComparison.Ordinal);
        var near = Checks(Encoding.UTF8.GetString(results["results/all_near_verdict.json"]));
        Assert.Superset(new HashSet<string> { "likeness", "predictive", "ensemble", "draws" }, near.Keys.ToHashSet());
        Assert.InRange(near["likeness"], 0.01, 1);
        Assert.Equal(0, Checks(Encoding.UTF8.GetString(results["results/all_far_verdict.json"]))["likeness"]);
        Assert.Contains("failed require/far/all: likeness 0 is below ", printed, StringComparison.Ordinal);
        Assert.Contains("observation 0: the observation is farther from simulations than all of them", printed, StringComparison.Ordinal);

        // The command says of the observation what the study says.
        string At(string path) => Path.Combine(study.Store, "observed", path);
        var report = Path.Combine(study.Folder, "near.json");
        (code, printed) = await AmnreProcess.RunAsync(stop, "verdict", At("models/amnre-1.pth"), At("samples/test.h5"), "--ensemble",
            At("models/amnre-2.pth"), "--combine", "mean", "--observation", Path.Combine(study.Folder, "near.csv"), "--rows", "64",
            "--threads", "1", "-o", report);
        Assert.True(code == 0, printed);
        Assert.Equal(near, Checks(await File.ReadAllTextAsync(report, stop)));
    }

    /// <summary>Observations judged by an ensemble, one of which no simulation resembles.</summary>
    private const string Observed =
        """
        name: observed
        simulator: SLCP
        datasets:
          train: { rows: 2048, seed: 0 }
          test: { rows: 64, seed: 1 }
        observations:
          near: { file: near.csv }
          far: { file: far.csv }
        models:
          amnre: { samples: train, arbitrary: true, model: { num_layers: 1, hidden_size: 32, activation: ELU }, epochs: 2, bs: 128, replicates: 2 }
          all: { ensemble: amnre-* }
        evaluations:
          near: { data: near, models: all, masks: [=1, "11000"], bins: 16, verdict_data: test, verdict_rows: 64, require: likeness }
          far: { data: far, models: all, masks: [=1, "11000"], bins: 16, verdict_data: test, verdict_rows: 64, require: likeness }
          free: { data: far, models: [all, amnre-1], masks: [=1, "11000"], bins: 16 }
        figures:
          strange: { type: corner, evaluation: free, masks: ["11000"] }
          near: { type: corner, evaluation: near, masks: ["11000"] }
          far: { type: corner, evaluation: far, masks: ["11000"] }
        """;

    private static Dictionary<string, double> Checks(string report) => JsonNode.Parse(report)!["observations"]![0]!["checks"]!.AsArray()
        .ToDictionary(one => one!["check"]!.GetValue<string>(), one => one!["number"]?.GetValue<double>() ?? double.NaN);

    private static string Written(string required, string thresholds = "") =>
        Judged.Replace("REQUIRED", required, StringComparison.Ordinal).Replace("THRESHOLDS", thresholds, StringComparison.Ordinal);
}
