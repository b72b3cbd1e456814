using System.Diagnostics;

namespace Amnre.EndToEnd.Tests;

/// <summary>Replicates that one job trains.</summary>
public sealed class TogetherStudyTests
{
    private const string Together =
        """
        name: small
        simulator: SLCP
        datasets:
          train: { rows: 8192, seed: 0 }
          test: { rows: 64, seed: 1 }
        models:
          nre: { samples: train, valid: test, model: &net { num_layers: 2, hidden_size: 32, activation: ELU }, epochs: 60, descents: 16, bs: 256, replicates: 3, together: true }
          adv: { samples: train, model: *net, epochs: 2, bs: 256, adversary: nre, replicates: 3, together: true }
        evaluations:
          cal: { data: test, models: [nre, adv], masks: [11111], indices: [0, 4], bins: 8, bs: 64, steps: 8, burn: 4 }
        figures:
          loss: { type: loss }
        """;

    private static readonly string Apart = Together.Replace(", together: true", "", StringComparison.Ordinal);

    /// <summary>The worker that trains them is killed on the way, too.</summary>
    [Fact]
    public async Task Replicates_trained_together_give_the_bytes_of_separate_trainings()
    {
        var stop = TestContext.Current.CancellationToken;
        using var apart = new Study(Apart);
        var (code, printed) = await AmnreProcess.RunAsync(stop, apart.RunArguments);
        Assert.True(code == 0, printed);
        var expected = apart.Results("small");
        Assert.Contains("models/adv-3.pth", expected.Keys);

        using var together = new Study(Together);
        await together.HoldTrainingsAsync(stop);
        using (var running = AmnreProcess.Start(together.RunArguments))
        {
            var worker = await together.WorkerOfAsync(running, "train/nre",
                progress => progress["metrics"]!["epoch"]!.GetValue<double>() >= 3, stop);
            var runs = await together.PageAsync(running, "/runs.csv", stop);
            var curves = await together.PageAsync(running, "/curves", stop);
            Process.GetProcessById(worker).Kill();
            await together.WorkerOfAsync(running, "train/nre", _ => true, stop, not: worker);
            await together.LetTrainingsGoAsync(stop);
            foreach (var name in new[] { "train/nre-1", "train/nre-2", "train/nre-3", "train/adv-1" })
                Assert.Contains($"\n{name},", runs, StringComparison.Ordinal);
            foreach (var name in new[] { "train/nre-1", "train/nre-2", "train/nre-3" })
                Assert.Contains($"{name}, validation", curves, StringComparison.Ordinal);
            Assert.Equal(0, await running.EndAsync(stop));
            Assert.Contains("train/nre succeeded", running.Printed, StringComparison.Ordinal);
            Assert.DoesNotContain("train/nre-1 succeeded", running.Printed, StringComparison.Ordinal);
            // One row for each in the table of figures.
            Assert.Contains("train/nre-3 ", running.Printed, StringComparison.Ordinal);
        }

        var actual = together.Results("small");
        Assert.Equal(expected.Keys, actual.Keys);
        foreach (var (path, bytes) in expected) Assert.True(bytes.AsSpan().SequenceEqual(actual[path]), $"{path} differs");
        Assert.Equal(9,
            Directory.GetFiles(Path.Combine(together.Store, "small", "models"), "nre-*")
                .Count(file => !file.EndsWith(".json", StringComparison.Ordinal)));

        (code, printed) = await AmnreProcess.RunAsync(stop, together.RunArguments);
        Assert.True(code == 0, printed);
        Assert.Contains("0 to run", printed, StringComparison.Ordinal);
    }
}
