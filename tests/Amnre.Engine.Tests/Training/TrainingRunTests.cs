using System.Text.Json.Nodes;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Estimators;
using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;
using Amnre.Engine.Settings;
using Amnre.Engine.Tables;
using Amnre.Engine.Tests.Golden;
using Amnre.Engine.Training;

namespace Amnre.Engine.Tests.Training;

public sealed class TrainingRunTests
{
    private const int Steps = 16;

    private static readonly ToySimulator Slcp = new("SLCP", 5, 4, 2);
    private static readonly TrainInputs Inputs = new(GoldenFile.Path("fixtures/slcp-train.h5"), GoldenFile.Path("fixtures/slcp-valid.h5"));

    /// <summary>Batch normalisation, so that buffers matter too.</summary>
    private static TrainSettings Settings => new()
    {
        Simulator = "SLCP",
        Seed = 11,
        Arbitrary = true,
        Model = new JsonObject { ["num_layers"] = 1, ["hidden_size"] = 16, ["activation"] = "ELU", ["normalization"] = "batch" },
        Epochs = 4,
        Descents = Steps,
        BatchSize = 256,
        AmsGrad = true,
        Patience = 0,
        Threshold = 0.5,
        Factor = 0.5,
    };

    [Fact]
    public void A_run_writes_weights_settings_and_statistics_that_the_formats_promise()
    {
        using var folder = new ScratchDirectory();

        Assert.Equal(RunEnd.Completed, Run(folder, Settings, new StepClock(int.MaxValue)));

        Assert.Equal(["model.best.pth", "model.csv", "model.json", "model.pth"],
            Directory.GetFiles(folder["out"]).Select(Path.GetFileName).Order());
        var state = StateFile.Read(folder["out/model.pth"]);
        Assert.Equal(["default", "standardize.mu", "standardize.isigma", "net.net.0.weight"], state.Keys.Take(4));
        var history = HistoryFile.Read(folder["out/model.csv"]);
        Assert.Equal([1, 2, 3, 4], history.Select(epoch => epoch.Epoch));
        Assert.Equal([1e-3, 1e-3, 5e-4, 2.5e-4], history.Select(epoch => epoch.Rate));
        Assert.True(history[^1].Mean < history[0].Mean);
        Assert.True(history[^1].ValidationMean < history[0].ValidationMean);
        var file = ModelFile.Read(folder["out/model.json"]);
        Assert.Equal(Settings.Model.ToJsonString(), file.Settings.Model.ToJsonString());
        Assert.Equal(Inputs, file.Inputs);
        Assert.Equal(2, Directory.GetFiles(folder["checkpoints"]).Length);
    }

    [Fact]
    public void Drained_and_aborted_runs_end_in_the_bytes_of_an_undisturbed_one()
    {
        using var folder = new ScratchDirectory();
        Run(folder, Settings, new StepClock(int.MaxValue), "undisturbed");
        var expected = File.ReadAllBytes(folder["undisturbed/model.pth"]);
        var history = HistoryFile.Read(folder["undisturbed/model.csv"]);

        for (ulong trial = 0; trial < 6; trial++)
        {
            var random = new CounterRandom(trial, RandomPurpose.None, 0);
            var name = $"trial{trial}";
            var interruptions = 0;
            while (true)
            {
                // Even trials are asked to drain, odd ones are torn away without a checkpoint of their own.
                var clock = new StepClock(1 + (int)random.NextBelow(120), stop: trial % 2 == 1);
                try
                {
                    if (Run(folder, Settings, clock, name) == RunEnd.Completed) break;
                }
                catch (OperationCanceledException)
                {
                    // What a killed write leaves behind.
                    File.WriteAllText(folder[$"checkpoints-{name}-torn.tmp"], "torn");
                }

                interruptions++;
                Assert.True(interruptions < 200);
            }

            Assert.True(interruptions > 0);
            Assert.Equal(expected, File.ReadAllBytes(folder[$"{name}/model.pth"]));
            Assert.Equal(history.Select(Unmeasured), HistoryFile.Read(folder[$"{name}/model.csv"]).Select(Unmeasured));
        }
    }

    [Fact]
    public void Folders_that_vanish_with_their_file_system_are_not_made_again()
    {
        using var folder = new ScratchDirectory();
        var clock = new StepClock(int.MaxValue);
        Directory.CreateDirectory(folder["mount"]);
        var context = new RunContext
        {
            Clock = clock,
            Drain = clock.Drain,
            Stop = clock.Stop,
            Progress = new Unmounting(folder["mount"]),
        };

        Assert.ThrowsAny<IOException>(() => TrainingRun.Run(
            Settings, Slcp, Inputs, folder["mount/artifacts/model.pth"], folder["mount/checkpoints/a"], context));

        Assert.Empty(Directory.GetFileSystemEntries(folder["mount"]));
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("flipped")]
    [InlineData("emptied")]
    [InlineData("all")]
    public void A_damaged_checkpoint_is_passed_over_for_the_one_before(string damage)
    {
        using var folder = new ScratchDirectory();
        Run(folder, Settings, new StepClock(int.MaxValue), "undisturbed");
        Assert.Equal(RunEnd.Drained, Run(folder, Settings, new StepClock(6 * Steps), "damaged"));
        var checkpoints = Directory.GetFiles(folder["checkpoints-damaged"]).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(2, checkpoints.Length);
        foreach (var file in damage == "all" ? checkpoints : checkpoints[^1..])
        {
            var bytes = File.ReadAllBytes(file);
            if (damage == "flipped") bytes[^100] ^= 1;
            File.WriteAllBytes(file, damage switch { "truncated" => bytes[..(bytes.Length / 2)], "flipped" => bytes, _ => [] });
        }

        var notes = new List<string>();
        Assert.Equal(RunEnd.Completed, Run(folder, Settings, new StepClock(int.MaxValue), "damaged", notes: notes));

        Assert.Equal(File.ReadAllBytes(folder["undisturbed/model.pth"]), File.ReadAllBytes(folder["damaged/model.pth"]));
        // What was passed over is said with its file and the reason, and from where it goes on instead.
        Assert.StartsWith($"checkpoint '{checkpoints[^1]}' is skipped: it is damaged, its SHA-256 is ", notes[0],
            StringComparison.Ordinal);
        Assert.Matches(damage == "all"
            ? "^no whole checkpoint is left: begins with the first epoch$"
            : @"^resumes from epoch \d+, step \d+: '.*'$", notes[^1]);
        Assert.Equal(damage == "all" ? 3 : 2, notes.Count);
    }

    [Fact]
    public void A_checkpoint_of_other_settings_is_not_taken()
    {
        using var folder = new ScratchDirectory();
        Run(folder, Settings, new StepClock(int.MaxValue), "undisturbed");
        Run(folder, Settings with { Seed = 12 }, new StepClock(20), "shared");

        Run(folder, Settings, new StepClock(int.MaxValue), "shared");

        Assert.Equal(File.ReadAllBytes(folder["undisturbed/model.pth"]), File.ReadAllBytes(folder["shared/model.pth"]));
    }

    [Fact]
    public void Progress_counts_steps_and_carries_the_figures_worth_watching()
    {
        using var folder = new ScratchDirectory();
        var reports = new List<RunProgress>();

        Run(folder, Settings, new StepClock(int.MaxValue), reports: reports);

        Assert.NotEmpty(reports);
        Assert.All(reports, report => Assert.Equal(4 * Steps, report.Total));
        Assert.Equal(reports.Select(report => report.Done).Order(), reports.Select(report => report.Done));
        Assert.Equal(["epoch", "loss", "lr", "v_loss"], reports[^1].Metrics.Keys.Order());
        Assert.Equal(4 * Steps, reports[^1].Done);
    }

    [Fact]
    public void A_plateau_at_its_least_rate_ends_the_run_early()
    {
        using var folder = new ScratchDirectory();

        Run(folder, Settings with { MinLearningRate = 1e-3 }, new StepClock(int.MaxValue));

        Assert.Single(HistoryFile.Read(folder["out/model.csv"]));
    }

    [Fact]
    public void Training_without_files_simulates_and_learns()
    {
        using var folder = new ScratchDirectory();
        var settings = Settings with { Arbitrary = false, Epochs = 6, Descents = 40 };

        Run(folder, settings, new StepClock(int.MaxValue), inputs: new TrainInputs(null));

        var history = HistoryFile.Read(folder["out/model.csv"]);
        Assert.True(history[^1].Mean < 0.5 * history[0].Mean, $"{history[0].Mean} to {history[^1].Mean}");
        Assert.Null(history[0].ValidationMean);

        using var model = TrainedModel.Load(folder["out/model.pth"], Slcp, threads: 1);
        float[] theta = new float[5], x = new float[8], far = [2.9f, -2.9f, 2.9f, -2.9f, 2.9f];
        Slcp.Sample(99, 0, theta, x);
        var values = new float[2];
        model.LogDensity(ParameterMask.Full(5), x, [.. theta, .. far], values);
        Assert.True(values[0] > values[1] + 5, $"{values[0]} against {values[1]}");
    }

    [Fact]
    public void A_warm_start_begins_from_the_given_weights()
    {
        using var folder = new ScratchDirectory();
        Run(folder, Settings, new StepClock(int.MaxValue), "first");

        Run(folder, Settings with { Epochs = 1 }, new StepClock(int.MaxValue), "second",
            inputs: Inputs with { Weights = folder["first/model.pth"] });

        Assert.True(HistoryFile.Read(folder["second/model.csv"])[0].Mean < HistoryFile.Read(folder["first/model.csv"])[0].Mean - 0.01);
    }

    [Fact]
    public void Wrong_inputs_are_named()
    {
        using var folder = new ScratchDirectory();
        string Error(TrainSettings settings, TrainInputs inputs) =>
            Assert.Throws<InputException>(() => Run(folder, settings, new StepClock(int.MaxValue), inputs: inputs)).Message;

        Assert.Contains("lr: 0 is not positive", Error(Settings with { LearningRate = 0 }, Inputs), StringComparison.Ordinal);
        Assert.Contains("missing.h5", Error(Settings, new TrainInputs("missing.h5")), StringComparison.Ordinal);
        Assert.Contains("give a dataset of SLCP", Error(Settings, new TrainInputs(GoldenFile.Path("fixtures/hh-train.h5"))),
            StringComparison.Ordinal);
        Assert.Contains("does not fit", Error(Settings, Inputs with { Weights = GoldenFile.Path("fixtures/slcp-nre.pth") }),
            StringComparison.Ordinal);
    }

    private static RunEnd Run(
        ScratchDirectory folder, TrainSettings settings, StepClock clock, string name = "out", List<RunProgress>? reports = null,
        TrainInputs? inputs = null, List<string>? notes = null) =>
        TrainingRun.Run(settings, Slcp, inputs ?? Inputs, folder[$"{name}/model.pth"],
            folder[name == "out" ? "checkpoints" : $"checkpoints-{name}"], new RunContext
            {
                Progress = new Recorder(reports),
                Clock = clock,
                Drain = clock.Drain,
                Stop = clock.Stop,
                Note = note => notes?.Add(note),
            });

    private static EpochStatistics Unmeasured(EpochStatistics epoch) => epoch with { Seconds = 0 };

    private sealed class Recorder(List<RunProgress>? reports) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => reports?.Add(value);
    }

    /// <summary>Empties the mount point, as a file system that is unmounted does, with the first progress.</summary>
    private sealed class Unmounting(string mount) : IProgress<RunProgress>
    {
        private bool _done;

        public void Report(RunProgress value)
        {
            if (_done) return;
            foreach (var entry in Directory.GetDirectories(mount)) Directory.Delete(entry, recursive: true);
            _done = true;
        }
    }
}
