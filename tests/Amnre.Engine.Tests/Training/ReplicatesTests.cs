using System.Text.RegularExpressions;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Estimators;
using Amnre.Engine.Networks;
using Amnre.Engine.Optimization;
using Amnre.Engine.Randomness;
using Amnre.Engine.Settings;
using Amnre.Engine.Tables;
using Amnre.Engine.Training;
using Amnre.Engine.TrainingRows;
using static TorchSharp.torch;

namespace Amnre.Engine.Tests.Training;

/// <summary>Models that are trained together are those that are trained alone.</summary>
public sealed partial class ReplicatesTests
{
    private const int Replicates = 3;

    public static TheoryData<string> Names => FamilyTrainingTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void One_after_the_other_they_end_in_the_bytes_of_separate_trainings(string name)
    {
        using var folder = new ScratchDirectory();
        var (settings, inputs) = (FamilyTrainingTests.Families[name], FamilyTrainingTests.Inputs(name, folder));
        for (var i = 0; i < Replicates; i++) Run([Model(folder, settings, inputs, i, "alone")], folder[$"checkpoints-{i}"]);

        Run(Models(folder, settings, inputs, "beside"), folder["checkpoints"]);

        string[] endings = [".pth", settings.Keep == KeptWeights.Best ? ".last.pth" : ".best.pth", ".json", ".csv"];
        Assert.Equal(Replicates * endings.Length, Directory.GetFiles(folder["beside"]).Length);
        foreach (var ending in endings)
            for (var i = 0; i < Replicates; i++)
                Assert.Equal(Unmeasured(folder[$"alone/model-{i}{ending}"], "alone"),
                    Unmeasured(folder[$"beside/model-{i}{ending}"], "beside"));
        Assert.NotEqual(File.ReadAllBytes(folder["beside/model-0.pth"]), File.ReadAllBytes(folder["beside/model-1.pth"]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void As_batched_products_they_are_separate_trainings_but_for_rounding(string name)
    {
        using var folder = new ScratchDirectory();
        var settings = FamilyTrainingTests.Families[name] with { Epochs = 1, Descents = 4, LearningRate = 1e-3 };
        var inputs = FamilyTrainingTests.Inputs(name, folder);
        Run(Models(folder, settings, inputs, "beside"), folder["checkpoints-beside"]);

        Run(Models(folder, settings, inputs, "together"), folder["checkpoints-together"], together: true);

        for (var i = 0; i < Replicates; i++)
        {
            var (beside, together) = (StateFile.Read(folder[$"beside/model-{i}.pth"]), StateFile.Read(folder[$"together/model-{i}.pth"]));
            Assert.Equal(beside.Keys, together.Keys);
            foreach (var (path, tensor) in beside.Where(entry => entry.Value.Type == ElementType.Float32))
            {
                using var scope = NewDisposeScope();
                var difference = (StateTransfer.ToTensor(tensor) - StateTransfer.ToTensor(together[path])).abs();
                // A bias before batch normalisation has a gradient of nothing but rounding, which still moves it by the learning rate, and
                // the mean with it. So has one that only shifts log r, which NRE-B leaves free.
                if (difference.numel() > 0
                    && !((Normalized(settings) || settings.Criterion == Criterion.Multiclass)
                        && (path.EndsWith(".bias", StringComparison.Ordinal) || path.EndsWith(".running_mean", StringComparison.Ordinal))))
                    Assert.True(difference.max().item<float>() < 1e-4, $"{path} of {i}: {difference.max().item<float>()}");
            }

            var (own, joint) = (HistoryFile.Read(folder[$"beside/model-{i}.csv"])[0],
                HistoryFile.Read(folder[$"together/model-{i}.csv"])[0]);
            Assert.Equal(own.Mean, joint.Mean, 1e-4 * Math.Abs(own.Mean));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Drained_and_aborted_runs_end_in_the_bytes_of_an_undisturbed_one_and_each_model_ends_when_it_would_alone(bool together)
    {
        using var folder = new ScratchDirectory();
        var settings = FamilyTrainingTests.Families["AMNRE, averaged, the best epoch"] with
        {
            Epochs = 12,
            Descents = 6,
            BatchSize = 32,
            LearningRate = 3e-2,
            EarlyStopping = 1,
        };
        var inputs = new TrainInputs(null);
        Run(Models(folder, settings, inputs, "undisturbed"), folder["checkpoints-undisturbed"], together);
        var epochs = Enumerable.Range(0, Replicates).Select(i => HistoryFile.Read(folder[$"undisturbed/model-{i}.csv"]).Count).ToList();
        Assert.True(epochs.Distinct().Count() > 1, string.Join(", ", epochs));

        for (ulong trial = 0; trial < 4; trial++)
        {
            var random = new CounterRandom(trial, RandomPurpose.None, 0);
            var (name, interruptions) = ($"trial{trial}", 0);
            while (Interrupted(Models(folder, settings, inputs, name), folder[$"checkpoints-{name}"], together,
                2 + (int)random.NextBelow(40), tornAway: trial % 2 == 1))
                Assert.True(++interruptions < 200);

            Assert.True(interruptions > 0);
            foreach (var file in Directory.GetFiles(folder["undisturbed"]).Select(Path.GetFileName))
                Assert.Equal(Unmeasured(folder[$"undisturbed/{file}"], "undisturbed"), Unmeasured(folder[$"{name}/{file}"], name));
        }
    }

    [Fact]
    public void A_checkpoint_of_fewer_or_of_other_models_is_not_taken()
    {
        using var folder = new ScratchDirectory();
        var (settings, inputs) = (FamilyTrainingTests.Families["NRE"], new TrainInputs(null));
        Run(Models(folder, settings, inputs, "expected"), folder["checkpoints"]);

        foreach (var (name, models) in new (string, List<ModelTraining>)[]
        {
            ("fewer", [.. Models(folder, settings, inputs, "other").Take(2)]),
            ("more", [.. Models(folder, settings, inputs, "other"), Model(folder, settings, inputs, 3, "other")]),
            ("others", [.. Enumerable.Range(2, Replicates).Select(i => Model(folder, settings, inputs, i, "other"))]),
        })
        {
            Assert.True(Interrupted(models, folder[$"checkpoints-{name}"], together: false, readings: 12, tornAway: false));
            Run(Models(folder, settings, inputs, name), folder[$"checkpoints-{name}"]);
            for (var i = 0; i < Replicates; i++)
                Assert.Equal(File.ReadAllBytes(folder[$"expected/model-{i}.pth"]), File.ReadAllBytes(folder[$"{name}/model-{i}.pth"]));
        }
    }

    /// <summary>As where the last part of a file is short, and each model takes the parts in its own order.</summary>
    [Theory]
    [InlineData("AMNRE")]
    [InlineData("AMNRE, contrastive")]
    public void Batches_of_different_lengths_are_computed_apart(string name)
    {
        var settings = FamilyTrainingTests.Families[name];
        using var together = Open(settings, i => new UnevenRows(i), together: true);
        using var beside = Open(settings, i => new UnevenRows(i), together: false);
        IReadOnlyList<TrainingState> joint = Begun(), alone = Begun();
        for (var step = 0; step < 6; step++) (joint, alone) = (together.Step(joint), beside.Step(alone));

        for (var i = 0; i < Replicates; i++)
        {
            Assert.Equal(6, joint[i].Losses.Count);
            for (var step = 0; step < 6; step++) Assert.Equal(alone[i].Losses[step], joint[i].Losses[step], 1e-4);
        }
    }

    [Fact]
    public void No_tensor_outlives_its_step()
    {
        var settings = FamilyTrainingTests.Families["AMNRE, averaged, the best epoch"];
        using var training = Open(settings, i => new UnevenRows(i), together: true);
        var states = Begun();
        long Live(int steps)
        {
            for (var i = 0; i < steps; i++) states = training.Step(states);
            training.Validate(states, 0);
            training.KeepBest(states);
            return TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }

        var first = Live(3);

        Assert.Equal(first, Live(20));
    }

    [Fact]
    public void Models_that_differ_by_more_than_their_seeds_are_refused()
    {
        using var folder = new ScratchDirectory();
        var settings = FamilyTrainingTests.Families["NRE"];

        Assert.Throws<ArgumentException>(() => Run(
            [Model(folder, settings, new TrainInputs(null), 0, "out"),
                Model(folder, settings with { Clip = 1 }, new TrainInputs(null), 1, "out")], folder["checkpoints"]));
    }

    private static IReadOnlyList<TrainingState> Begun() =>
        [.. Enumerable.Range(0, Replicates).Select(_ => new TrainingState { Schedule = new ScheduleState(1e-3), Started = default })];

    private static Lockstep Open(TrainSettings settings, Func<int, ITrainingRows> rows, bool together) =>
        new([.. Enumerable.Range(0, Replicates).Select(i =>
        {
            var (own, mode) = (settings with { Seed = (ulong)i }, new ForwardMode());
            return new TrainingSetup(own,
                EstimatorAssembly.Build(own, FamilyTrainingTests.Simulator, PriorMoments.Of(FamilyTrainingTests.Simulator), mode), mode,
                LossOptions.Of(own, 3, weights: null, together), rows(i), rows(i));
        })]);

    private static bool Normalized(TrainSettings settings) =>
        settings.Model["normalization"]?.GetValue<string>() == "batch";

    private static List<ModelTraining> Models(ScratchDirectory folder, TrainSettings settings, TrainInputs inputs, string name) =>
        [.. Enumerable.Range(0, Replicates).Select(i => Model(folder, settings, inputs, i, name))];

    private static ModelTraining Model(ScratchDirectory folder, TrainSettings settings, TrainInputs inputs, int replicate, string name) =>
        new(settings with { Seed = settings.Seed + (ulong)replicate }, inputs, folder[$"{name}/model-{replicate}.pth"]);

    private static bool Interrupted(IReadOnlyList<ModelTraining> models, string checkpoints, bool together, int readings, bool tornAway)
    {
        try
        {
            using var clock = new StepClock(readings, tornAway);
            return Run(models, checkpoints, clock, together) == RunEnd.Drained;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private static void Run(IReadOnlyList<ModelTraining> models, string checkpoints, bool together = false)
    {
        using var clock = new StepClock(int.MaxValue);
        Assert.Equal(RunEnd.Completed, Run(models, checkpoints, clock, together));
    }

    private static RunEnd Run(IReadOnlyList<ModelTraining> models, string checkpoints, StepClock clock, bool together) =>
        TrainingRun.Run(models, FamilyTrainingTests.Simulator, checkpoints, new RunContext
        {
            Progress = new Progress<RunProgress>(),
            Clock = clock,
            Drain = clock.Drain,
            Stop = clock.Stop,
        }, together);

    /// <summary>The content without times and the name of its folder.</summary>
    private static string Unmeasured(string file, string folder) => Path.GetExtension(file) switch
    {
        ".pth" => Convert.ToHexString(File.ReadAllBytes(file)),
        ".csv" => string.Join('\n', HistoryFile.Read(file).Select(epoch => epoch with { Seconds = 0 })),
        _ => Date().Replace(File.ReadAllText(file), "").Replace($"/{folder}/", "//", StringComparison.Ordinal),
    };

    [GeneratedRegex("\"date\": .*")]
    private static partial Regex Date();

    private sealed class UnevenRows(int model) : ITrainingRows
    {
        public int Steps => 256;

        public (Tensor Theta, Tensor X) Batch(int epoch, int step)
        {
            var rows = (step + model) % 3 == 0 ? 7 : 16;
            float[] theta = new float[rows * 3], x = new float[rows * 4];
            FamilyTrainingTests.Simulator.Sample((ulong)model, step * 16, theta, x);
            return (tensor(theta, rows, 3), tensor(x, rows, 4));
        }

        public void Dispose()
        {
        }
    }
}
