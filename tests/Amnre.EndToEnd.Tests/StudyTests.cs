using System.Diagnostics;

namespace Amnre.EndToEnd.Tests;

public sealed class StudyTests
{
    private const string Small =
        """
        name: small
        simulator: SLCP
        datasets:
          train: { rows: 8192, seed: 0, shards: 3 }
          test: { rows: 64, seed: 1 }
        models:
          amnre:
            samples: train
            valid: test
            arbitrary: true
            model: { num_layers: 2, hidden_size: 32, activation: ELU }
            epochs: 120
            descents: 16
            bs: 256
        evaluations:
          truth: { data: test, indices: [0, 2], bins: 20, accuracy: true }
          cal: { data: test, masks: [=1], indices: [0, 32], bins: 32, calibration: true, clean: true }
        figures:
          loss: { type: loss }
          corner: { type: corner, evaluation: truth, truth: true, masks: [11111] }
          calibration: { type: calibration, evaluation: cal }
        """;

    /// <summary>The first promise, on a small scale: kill what does the work, then what decides, then the command itself; the
    /// results are those of a run that nothing disturbed.</summary>
    [Fact]
    public async Task Killed_at_every_level_a_study_ends_with_the_same_bytes()
    {
        var stop = TestContext.Current.CancellationToken;
        using var quiet = new Study(Small);
        var (code, printed) = await AmnreProcess.RunAsync(stop, quiet.RunArguments);
        Assert.True(code == 0, printed);
        var expected = quiet.Results("small");
        Assert.Contains("models/amnre.pth", expected.Keys);
        Assert.Contains("figures/corner.png", expected.Keys);

        using var disturbed = new Study(Small);
        await disturbed.HoldTrainingsAsync(stop);
        using (var first = AmnreProcess.Start(disturbed.RunArguments))
        {
            var worker = await disturbed.WorkerOfAsync(first, "train/amnre", progress => Epoch(progress) >= 3, stop);
            Process.GetProcessById(worker).Kill();
            // Resumed by another worker, beyond where it was.
            await disturbed.WorkerOfAsync(first, "train/amnre", progress => Epoch(progress) >= 8, stop, not: worker);
            Process.GetProcessById(ChildRunning(first.Id, "scheduler")).Kill();
            await Task.Delay(500, stop);
            first.KillHard();
            await first.EndAsync(stop);
        }

        using var second = AmnreProcess.Start(disturbed.RunArguments);
        await disturbed.LetTrainingsGoAsync(stop);
        (code, printed) = (await second.EndAsync(stop), second.Printed);
        Assert.True(code == 0, printed);
        Assert.Contains("resuming the unfinished run", printed, StringComparison.Ordinal);
        var actual = disturbed.Results("small");
        Assert.Equal(expected.Keys, actual.Keys);
        foreach (var (path, bytes) in expected) Assert.True(bytes.AsSpan().SequenceEqual(actual[path]), $"{path} differs");
    }

    /// <summary>A real bit in a dataset and in a model: found by whoever reads them, by --verify before any is reused, and all comes out as
    /// it was.</summary>
    [Fact]
    public async Task Flipped_bits_in_a_dataset_and_a_model_are_found_and_the_same_bytes_come_out()
    {
        var stop = TestContext.Current.CancellationToken;
        using var study = new Study(Small.Replace("epochs: 120", "epochs: 2", StringComparison.Ordinal));
        var (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);
        Assert.True(code == 0, printed);
        var expected = study.Results("small");

        // Without --verify what is to be made again reads the dataset and the model, and finds them damaged.
        FlipBit(study, "small/samples/train.h5");
        FlipBit(study, "small/models/amnre.pth");
        File.Delete(File.ResolveLinkTarget(Path.Combine(study.Store, "small/results/amnre_truth.csv"), returnFinalTarget: true)!.FullName);
        (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);
        Assert.True(code == 0, printed);
        Assert.Contains("train/amnre succeeded", printed, StringComparison.Ordinal);
        Assert.Contains("is damaged", printed, StringComparison.Ordinal);
        AssertSame(expected, study.Results("small"));

        FlipBit(study, "small/samples/train.h5");
        FlipBit(study, "small/models/amnre.pth");
        (code, printed) = await AmnreProcess.RunAsync(stop, [.. study.RunArguments, "--verify"]);
        Assert.True(code == 0, printed);
        Assert.Contains("does not have the digest it was published with", printed, StringComparison.Ordinal);
        AssertSame(expected, study.Results("small"));

        (code, printed) = await AmnreProcess.RunAsync(stop, [.. study.RunArguments, "--verify"]);
        Assert.True(code == 0, printed);
        Assert.Contains("0 to run", printed, StringComparison.Ordinal);
        Assert.Contains("their digests were compared", printed, StringComparison.Ordinal);
    }

    private static void AssertSame(SortedDictionary<string, byte[]> expected, SortedDictionary<string, byte[]> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        foreach (var (path, bytes) in expected) Assert.True(bytes.AsSpan().SequenceEqual(actual[path]), $"{path} differs");
    }

    private static void FlipBit(Study study, string friendly)
    {
        var path = File.ResolveLinkTarget(Path.Combine(study.Store, friendly), returnFinalTarget: true)!.FullName;
        var content = File.ReadAllBytes(path);
        content[content.Length / 2] ^= 4;
        File.WriteAllBytes(path, content);
    }

    [Fact]
    public async Task A_second_run_reuses_all_and_a_deleted_result_is_remade_with_what_depends_on_it()
    {
        var stop = TestContext.Current.CancellationToken;
        using var study = new Study(Small.Replace("epochs: 120", "epochs: 2", StringComparison.Ordinal));
        var (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);
        Assert.True(code == 0, printed);
        var before = study.Results("small");

        (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);
        Assert.True(code == 0, printed);
        Assert.Contains("0 to run", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("running", printed, StringComparison.Ordinal);

        // The artifact itself, behind its friendly name.
        File.Delete(File.ResolveLinkTarget(Path.Combine(study.Store, "small", "results", "amnre_truth.csv"),
            returnFinalTarget: true)!.FullName);
        (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);
        Assert.True(code == 0, printed);
        Assert.Contains("2 to run", printed, StringComparison.Ordinal);
        Assert.Contains("evaluate/truth/amnre succeeded", printed, StringComparison.Ordinal);
        Assert.Contains("plot/corner succeeded", printed, StringComparison.Ordinal);
        var after = study.Results("small");
        Assert.Equal(before.Keys, after.Keys);
        foreach (var (path, bytes) in before) Assert.True(bytes.AsSpan().SequenceEqual(after[path]), $"{path} differs");
    }

    [Fact]
    public async Task Ctrl_C_stops_in_order_and_the_same_command_goes_on()
    {
        var stop = TestContext.Current.CancellationToken;
        // More than any machine gets through before it is interrupted.
        using var study = new Study(Small.Replace("epochs: 120", "epochs: 1000000", StringComparison.Ordinal));
        using (var first = AmnreProcess.Start(study.RunArguments))
        {
            await study.WorkerOfAsync(first, "train/amnre", progress => Epoch(progress) >= 2, stop);
            first.Interrupt();
            Assert.Equal(130, await first.EndAsync(stop));
            Assert.Contains("Run the same command again", first.Printed, StringComparison.Ordinal);
            Assert.False(File.Exists(Path.Combine(study.Store, "postgres", "server", "cluster", "postmaster.pid")));
        }

        // A file that is refused cancels nothing.
        await File.WriteAllTextAsync(study.ExperimentFile,
            Small.Replace("  cal: { data", "  truth_1: { data: test }\n  cal: { data", StringComparison.Ordinal), stop);
        var (refused, why) = await AmnreProcess.RunAsync(stop, study.RunArguments);
        Assert.Equal(2, refused);
        Assert.Contains("would write files of the same names", why, StringComparison.Ordinal);

        // With a shorter training this is another plan: the unfinished one, which the refused file has not touched, is cancelled, its
        // datasets are kept.
        await File.WriteAllTextAsync(study.ExperimentFile, Small.Replace("epochs: 120", "epochs: 2", StringComparison.Ordinal), stop);
        var (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);
        Assert.True(code == 0, printed);
        Assert.Contains("cancelling that one", printed, StringComparison.Ordinal);
        Assert.Contains("changed: settings.epochs", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_input_gives_all_faults_with_their_lines_and_starts_nothing()
    {
        using var study = new Study(Small
            .Replace("rows: 64", "rows: -64", StringComparison.Ordinal)
            .Replace("masks: [=1]", "masks: [001]", StringComparison.Ordinal));

        var (code, printed) = await AmnreProcess.RunAsync(TestContext.Current.CancellationToken, study.RunArguments);

        Assert.Equal(2, code);
        Assert.Contains($"{study.ExperimentFile}:5: ", printed, StringComparison.Ordinal);
        Assert.Contains($"{study.ExperimentFile}:17: ", printed, StringComparison.Ordinal);
        Assert.Contains("-64", printed, StringComparison.Ordinal);
        Assert.Contains("'001'", printed, StringComparison.Ordinal);
        Assert.False(Directory.Exists(study.Store));
    }

    private static double Epoch(System.Text.Json.Nodes.JsonNode progress) => progress["metrics"]?["epoch"]?.GetValue<double>() ?? 0;

    /// <summary>The child of <paramref name="parent"/> that runs the given verb of the command.</summary>
    private static int ChildRunning(int parent, string verb)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid)) continue;
            try
            {
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                if (int.Parse(fields[1]) == parent && File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0') is [_, var first, ..]
                    && first == verb) return pid;
            }
            catch (IOException)
            {
                // Ended while we looked.
            }
        }

        throw new InvalidOperationException($"process {parent} has no child that runs '{verb}'");
    }
}
