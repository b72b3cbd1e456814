using System.Globalization;

namespace Amnre.EndToEnd.Tests.Campaign;

/// <summary>Real processes, real faults: the results are byte for byte those of an undisturbed run.</summary>
public sealed class CampaignTests(ITestOutputHelper output)
{
    private const string Experiment =
        """
        name: campaign
        simulator: SLCP
        datasets:
          train: { rows: 8192, seed: 0, shards: 3 }
          test: { rows: 64, seed: 1 }
        models:
          one:
            samples: train
            valid: test
            arbitrary: true
            model: { num_layers: 2, hidden_size: 32, activation: ELU }
            epochs: 80
            descents: 16
            bs: 256
          two:
            samples: train
            valid: test
            arbitrary: true
            model: { num_layers: 2, hidden_size: 48, activation: ELU }
            epochs: 80
            descents: 16
            bs: 256
          found:
            samples: train
            valid: test
            arbitrary: true
            epochs: 24
            descents: 16
            bs: 256
            search:
              over: { grid: { lr: [1e-2, 1e-3, 1e-4], model.hidden_size: [16, 32] } }
              halving: { first: 3, factor: 3 }
        evaluations:
          truth: { data: test, indices: [0, 2], bins: 20, accuracy: true }
          cal: { data: test, masks: [=1], indices: [0, 32], bins: 32, calibration: true, clean: true }
        figures:
          corner: { type: corner, evaluation: truth, truth: true, masks: [11111] }
          calibration: { type: calibration, evaluation: cal }
        """;

    /// <summary>One round in every run of the tests; <c>./test --campaign N</c> asks for more.</summary>
    private static int Rounds =>
        int.TryParse(Environment.GetEnvironmentVariable("AMNRE_CAMPAIGN"), CultureInfo.InvariantCulture, out var rounds)
        ? Math.Max(rounds, 1) : 1;

    private static long FirstSeed =>
        long.TryParse(Environment.GetEnvironmentVariable("AMNRE_SEED"), CultureInfo.InvariantCulture, out var seed)
        ? seed : TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() % 1_000_000;

    [Fact]
    public async Task Whatever_is_killed_stopped_cut_off_or_full_the_artifacts_are_those_of_an_undisturbed_run()
    {
        var stop = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("amnre-campaign-file-");
        var file = Path.Combine(folder.FullName, "campaign.yaml");
        await File.WriteAllTextAsync(file, Experiment, stop);
        List<string> leftOut = [];
        var undisturbed = await RoundAsync(null);
        Assert.Equal("succeeded", undisturbed.State);
        var rounds = new List<RoundReport>();
        for (var round = 0; round < Rounds; round++)
        {
            var report = await RoundAsync(FirstSeed + round);
            rounds.Add(report);
            // After every round, so that a long campaign that is ended early has its report.
            var text = CampaignReport.Write(undisturbed, rounds, leftOut);
            if (round == Rounds - 1) output.WriteLine(text);
            Assert.True(report.State == "succeeded", $"seed {report.Seed}: {report.State}\n{report.Stand}\n{text}");
            Assert.All(report.Violations,
                law => Assert.True(law.Value == 0, $"seed {report.Seed}: {law.Key}: {law.Value}\n{report.Stand}"));
            Assert.Equal(undisturbed.Digests, report.Digests);
            Assert.True(report.Strikes.Count >= CampaignRound.LeastStrikes,
                $"only {report.Strikes.Count} faults struck before the end\n{text}");
        }

        folder.Delete(recursive: true);

        async Task<RoundReport> RoundAsync(long? seed)
        {
            await using var stage = await Stage.OpenAsync(stop);
            leftOut = [.. new[] { stage.NoDisk, stage.NoNetwork }.OfType<string>()];
            return await new CampaignRound(stage, file, seed).RunAsync(stop);
        }
    }
}
