namespace Amnre.EndToEnd.Tests;

/// <summary>Several trainings as one model, through the real command.</summary>
public sealed class EnsembleStudyTests
{
    private const string Ensembles =
        """
        name: small
        simulator: SLCP
        datasets:
          train: { rows: 4096, seed: 0 }
          test: { rows: 64, seed: 1 }
        models:
          amnre: { samples: train, arbitrary: true, criterion: NRE-C, contrasts: 4, model: { hidden_size: 32 }, epochs: 4, bs: 256, replicates: 2 }
          one: { ensemble: amnre-1 }
          all: { ensemble: amnre-* }
          wide: { ensemble: amnre-*, combine: mixture }
        evaluations:
          test: { data: test, masks: [=1, "11000"], indices: [0, 2], bins: 16, draws: 100, kl: true, calibration: true }
        figures:
          corner: { type: corner, evaluation: test, models: [amnre-1, all, wide] }
        """;

    [Fact]
    public async Task Ensembles_are_evaluated_drawn_from_and_plotted_like_models()
    {
        var stop = TestContext.Current.CancellationToken;
        using var study = new Study(Ensembles);

        var (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);

        Assert.True(code == 0, printed);
        var results = study.Results("small");
        Assert.Contains("figures/corner.png", results.Keys);
        Assert.DoesNotContain("models/all.pth", results.Keys);
        foreach (var ending in new[] { ".csv", ".json", "_draws.h5", "_0_11000.pth" })
        {
            // Of one member it is that member.
            Assert.Equal(results[$"results/amnre-1_test{ending}"], results[$"results/one_test{ending}"]);
            Assert.NotEqual(results[$"results/amnre-1_test{ending}"], results[$"results/all_test{ending}"]);
            Assert.NotEqual(results[$"results/all_test{ending}"], results[$"results/wide_test{ending}"]);
        }

        // The command gives the numbers of the study.
        string At(string path) => Path.Combine(study.Store, "small", path);
        (code, printed) = await AmnreProcess.RunAsync(stop, "eval", At("models/amnre-1.pth"), At("samples/test.h5"), "--ensemble",
            At("models/amnre-2.pth"), "--masks", "=1", "11000", "--indices", "0", "2", "--bins", "16", "--draws", "100", "--kl",
            "--calibration", "--seed", "0", "--threads", "1", "-o", Path.Combine(study.Folder, "all.csv"));
        Assert.True(code == 0, printed);
        // A study's table names the parameters in a last column besides.
        Assert.All((await File.ReadAllLinesAsync(At("results/all_test.csv"), stop))
            .Zip(await File.ReadAllLinesAsync(Path.Combine(study.Folder, "all.csv"), stop)),
            line => Assert.StartsWith($"{line.Second},", line.First, StringComparison.Ordinal));

        await File.WriteAllTextAsync(Path.Combine(study.Folder, "obs.csv"), "1,2,1,2,1,2,1,2\n", stop);
        (code, printed) = await AmnreProcess.RunAsync(stop, "infer", At("models/amnre-1.pth"), Path.Combine(study.Folder, "obs.csv"),
            "--ensemble", At("models/amnre-2.pth"), "--combine", "mixture", "--draws", "200", "--json");
        Assert.True(code == 0, printed);
        Assert.Contains("\"combine\": \"mixture\"", printed, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(study.Folder, "obs_posterior.png")));

        // Nothing is new; of another member only the mixture that it enters.
        (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);
        Assert.True(code == 0, printed);
        Assert.Contains("0 jobs run", printed, StringComparison.Ordinal);
        await File.WriteAllTextAsync(study.ExperimentFile,
            Ensembles.Replace("wide: { ensemble: amnre-*", "wide: { ensemble: amnre-2", StringComparison.Ordinal), stop);
        (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);
        Assert.True(code == 0, printed);
        // The evaluation and the figure.
        Assert.Contains("2 jobs run", printed, StringComparison.Ordinal);
    }
}
