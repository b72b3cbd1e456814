using System.Text.Json.Nodes;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Estimators;
using Amnre.Engine.Masks;
using Amnre.Engine.Networks;
using Amnre.Engine.Optimization;
using Amnre.Engine.Randomness;
using Amnre.Engine.Settings;
using Amnre.Engine.Tables;
using Amnre.Engine.Tests.Golden;
using Amnre.Engine.Training;
using Amnre.Engine.TrainingRows;
using static TorchSharp.torch;

namespace Amnre.Engine.Tests.Training;

/// <summary>Laws of training that hold whatever the family of the estimator, each with other options besides.</summary>
public sealed class FamilyTrainingTests
{
    internal static readonly ToySimulator Simulator = new("SLCP", 3, 4);

    internal static readonly Dictionary<string, TrainSettings> Families = new()
    {
        ["NRE"] = Sound with { AmsGrad = true },
        ["NRE, dropout"] = Sound with { Model = Network("MLP", null, 0.2) },
        ["NRE, dropout in ResNet and embedding"] = Sound with
        {
            Model = Network("ResNet", "batch", 0.1),
            Embedding = new JsonObject { ["arch"] = "MLP", ["hidden_size"] = 8, ["output_size"] = 5, ["dropout"] = 0.1 },
        },
        ["NRE, alpha dropout"] = Sound with { Model = Network("MLP", "self", 0.1), Scheduler = Schedule.Exponential },
        ["NRE, alpha dropout in ResNet"] = Sound with { Model = Network("ResNet", "self", 0.1), Criterion = Criterion.Focal },
        ["MNRE"] = Sound with { Masks = ["=1", "110"], Filter = "110", Scheduler = Schedule.Cosine },
        ["AMNRE"] = Sound with { Arbitrary = true, Criterion = Criterion.QuadraticScore },
        ["AMNRE, Poisson"] = Sound with
        {
            Arbitrary = true,
            Masks = ["poisson"],
            Filter = "101",
            AmsGrad = true,
            Scheduler = Schedule.Exponential,
        },
        ["AMNRE, listed"] = Sound with
        {
            Arbitrary = true,
            Masks = ["=1", "=2", "011"],
            Scheduler = Schedule.Cosine,
            Criterion = Criterion.Peripheral,
        },
        ["AMNRE, hyper"] = Sound with
        {
            Arbitrary = true,
            Hyper = new JsonObject { ["residual_size"] = 8, ["num_blocks"] = 1, ["dropout"] = 0.1 },
            LearningRate = 2e-3,
        },
        ["NPE"] = Sound with { Flow = true, Model = Flow("A"), Scheduler = Schedule.Cosine, AmsGrad = true },
        ["NPE, spline"] = Sound with { Flow = true, Model = Flow("PRQ") },
        ["NPE, monotonic network"] = Sound with { Flow = true, Model = Monotonic() },
        ["NPE, coupling"] = Sound with { Flow = true, Model = Coupling() },
        ["MNPE"] = Sound with { Flow = true, Model = Flow("A"), Masks = ["=1", "101"] },
        ["AMNRE, averaged, the best epoch"] = Sound with
        {
            Arbitrary = true,
            Average = 0.9,
            Keep = KeptWeights.Best,
            Model = Network("MLP", "batch", 0),
        },
        ["AMNRE, convolutions, parts missing"] = Sound with
        {
            Arbitrary = true,
            Embedding = new JsonObject { ["arch"] = "CNN", ["filters"] = new JsonArray(6, 6), ["output_size"] = 6, ["missing"] = 0.1 },
        },
        ["MNRE, deep set"] = Sound with
        {
            Masks = ["=1"],
            Embedding = new JsonObject { ["arch"] = "DeepSet", ["hidden_size"] = 8, ["output_size"] = 6, ["missing"] = 0.1 },
        },
        ["NPE, set transformer"] = Sound with
        {
            Flow = true,
            Model = Flow("A"),
            Embedding = new JsonObject { ["arch"] = "SetTransformer", ["hidden_size"] = 8, ["num_heads"] = 2, ["output_size"] = 6 },
        },
        ["NRE, trials"] = Sound with { Trials = true },
        ["NRE-C, trials with an embedding"] = Sound with
        {
            Trials = true,
            Criterion = Criterion.Contrastive,
            Embedding = new JsonObject { ["output_size"] = 3 },
        },
        ["NRE, adversary"] = Sound,
        ["MNRE, adversary, inverse"] = Sound with { Masks = ["=2"], Inverse = true },
        ["NRE, contrastive, embedding"] = Sound with
        {
            Criterion = Criterion.Contrastive,
            Contrasts = 3,
            Gamma = 2,
            Embedding = new JsonObject { ["arch"] = "MLP", ["hidden_size"] = 8, ["output_size"] = 5 },
        },
        ["MNRE, contrastive"] = Sound with { Masks = ["=1", "110"], Criterion = Criterion.Contrastive },
        ["AMNRE, contrastive"] = Sound with { Arbitrary = true, Criterion = Criterion.Contrastive, Average = 0.9 },
        ["AMNRE, multiclass, ResNet"] = Sound with
        {
            Arbitrary = true,
            Criterion = Criterion.Multiclass,
            Model = Network("ResNet", "layer", 0),
        },
        ["AMNRE, hyper, contrastive"] = Sound with
        {
            Arbitrary = true,
            Criterion = Criterion.Contrastive,
            Contrasts = 2,
            Hyper = new JsonObject { ["residual_size"] = 8, ["num_blocks"] = 1 },
            LearningRate = 2e-3,
        },
        ["NRE, balanced"] = Sound with { Criterion = Criterion.Balanced },
        ["MNRE, balanced"] = Sound with { Masks = ["=2"], Criterion = Criterion.Balanced, Balance = 10 },
        ["AMNRE, balanced"] = Sound with { Arbitrary = true, Criterion = Criterion.Balanced },
    };

    public static TheoryData<string> Names { get; } = [.. Families.Keys];

    private static TrainSettings Sound => new()
    {
        Simulator = "SLCP",
        Seed = 5,
        Model = Network("MLP", null, 0),
        Epochs = 3,
        Descents = 16,
        BatchSize = 128,
        LearningRate = 4e-3,
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Training_learns_and_its_weights_answer_when_loaded(string name)
    {
        using var folder = new ScratchDirectory();
        var inputs = Inputs(name, folder);

        Assert.Equal(RunEnd.Completed, Run(folder, Families[name], inputs, int.MaxValue));

        var history = HistoryFile.Read(folder["out/model.csv"]);
        Assert.Equal(3, history.Count);
        Assert.All(history, epoch => Assert.True(float.IsFinite(epoch.Mean)));
        Assert.True(history[^1].Mean < history[0].Mean, string.Join(", ", history.Select(epoch => epoch.Mean)));
        if (inputs.Adversary is null) AssertSameValues(Families[name], folder["out/model.pth"]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_run_drained_and_torn_away_again_and_again_ends_in_the_bytes_of_an_undisturbed_one(string name)
    {
        using var folder = new ScratchDirectory();
        var (inputs, settings) = (Inputs(name, folder), Families[name] with { Epochs = 2, Descents = 8 });
        Run(folder, settings, inputs, int.MaxValue, "undisturbed");
        var random = new CounterRandom(3, RandomPurpose.None, 0);

        var ends = 0;
        while (Interrupted(folder, settings, inputs, 2 + (int)random.NextBelow(14), tornAway: ends % 2 == 1)) Assert.True(++ends < 50);

        Assert.True(ends > 1);
        foreach (var file in new[] { "model.pth", settings.Keep == KeptWeights.Best ? "model.last.pth" : "model.best.pth" })
            Assert.Equal(File.ReadAllBytes(folder[$"undisturbed/{file}"]), File.ReadAllBytes(folder[$"out/{file}"]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_tensor_outlives_its_step(string name)
    {
        using var folder = new ScratchDirectory();
        var (settings, mode) = (Families[name], new ForwardMode());
        var adversary = Inputs(name, folder).Adversary is { } frozen ? EstimatorAssembly.LoadAdversary(frozen, settings, Simulator) : null;
        var loss = LossOptions.Of(
            settings, 3, adversary is null ? null : new ImportanceWeights(adversary, settings.Inverse), together: false);
        SimulatedRows Rows() => new(Simulator, settings.BatchSize, 64, 1, 1, CPU);
        using var training = new Lockstep([new TrainingSetup(
            settings, EstimatorAssembly.Build(settings, Simulator, PriorMoments.Of(Simulator), mode), mode, loss, Rows(), Rows())]);
        IReadOnlyList<TrainingState> states = [new TrainingState
        {
            Schedule = new ScheduleState(settings.LearningRate),
            Started = default,
        }];
        long Live(int steps)
        {
            for (var i = 0; i < steps; i++) states = training.Step(states);
            training.Validate(states, 0);
            training.KeepBest([.. states.Select(state => state with { BestEpoch = state.Epoch - 1 })]);
            return TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }

        var first = Live(3);

        Assert.Equal(first, Live(20));
    }

    [Fact]
    public void Dropout_changes_what_is_learnt()
    {
        using var folder = new ScratchDirectory();
        var settings = Families["NRE, dropout"] with { Epochs = 1, Descents = 2 };
        Run(folder, settings, new TrainInputs(null), int.MaxValue, "with");
        Run(folder, settings with { Model = Network("MLP", null, 0) }, new TrainInputs(null), int.MaxValue, "without");

        Assert.NotEqual(StateFile.Read(folder["with/model.pth"])["net.0.weight"].Bytes,
            StateFile.Read(folder["without/model.pth"])["net.0.weight"].Bytes);
    }

    /// <summary>Names, shapes and types as PyTorch itself reads them, without running any code of the file.</summary>
    [Fact]
    public void PyTorch_reads_the_weights_of_every_family()
    {
        const string script = """
            import sys, torch
            for path in sys.argv[1:]:
                state = torch.load(path, weights_only=True)
                print('; '.join(f'{name} {list(value.shape)} {str(value.dtype)[6:]}' for name, value in state.items()))
            """;
        using var folder = new ScratchDirectory();
        var expected = new List<string>();
        foreach (var (name, settings) in Families)
        {
            Run(folder, settings with { Epochs = 1, Descents = 1 }, Inputs(name, folder), int.MaxValue, name);
            using var estimator = EstimatorAssembly.Build(settings, Simulator, PriorMoments.Of(Simulator), new ForwardMode());
            expected.Add(string.Join("; ", estimator.State().Select(entry =>
                $"{entry.Path} [{string.Join(", ", entry.Slot.Value.shape)}] {entry.Slot.Value.dtype.ToString().ToLowerInvariant()}")));
        }

        var read = PythonTorch.Run(script, [.. Families.Keys.Select(name => folder[$"{name}/model.pth"])]);

        Assert.Equal(expected, read.Split('\n'));
    }

    /// <summary>The loaded model's moments come from the file alone; here they are the prior's.</summary>
    private static void AssertSameValues(TrainSettings settings, string weights)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var estimator = EstimatorAssembly.Build(settings, Simulator, PriorMoments.Of(Simulator), new ForwardMode());
        StateTransfer.Load(estimator, StateFile.Read(weights), weights);
        using var model = TrainedModel.Load(weights, Simulator, threads: 1);
        float[] theta = new float[16 * 3], x = new float[16 * 4];
        Simulator.Sample(77, 0, theta, x);
        var covered = MaskList.Expand(["=1", "=2", "=3"], 3, null, out _).Where(estimator.Covers).ToList();
        Assert.NotEmpty(covered);
        foreach (var mask in covered)
        {
            float[] rows = [.. Enumerable.Range(0, 16).SelectMany(row => mask.Indices().Select(i => theta[row * 3 + i]))];
            var y = estimator.Embed(tensor(x.AsSpan(0, 4).ToArray(), 1, 4)).expand(16, -1);
            var expected = estimator.LogValue(mask, tensor(rows, 16, mask.Count), y).contiguous().data<float>().ToArray();
            var actual = new float[16];
            model.LogDensity(mask, x.AsSpan(0, 4), rows, actual);
            var prior = estimator.IsDensity ? 0 : -mask.Count * Math.Log(6);
            for (var i = 0; i < 16; i++) Assert.Equal(expected[i] + prior, actual[i], 1e-4 * Math.Max(1, Math.Abs(expected[i])));
        }
    }

    /// <summary>Nothing but the frozen model, itself trained first, where the name asks for one.</summary>
    internal static TrainInputs Inputs(string name, ScratchDirectory folder)
    {
        if (!name.Contains("adversary", StringComparison.Ordinal)) return new TrainInputs(null);

        if (!Directory.Exists(folder["frozen"]))
            Run(folder, Families["AMNRE"] with { Seed = 6, Epochs = 1, Descents = 8 }, new TrainInputs(null), int.MaxValue, "frozen");
        return new TrainInputs(null, Adversary: folder["frozen/model.pth"]);
    }

    /// <summary>Whether the run ended before its end: in order, or torn away without a checkpoint of its own.</summary>
    private static bool Interrupted(ScratchDirectory folder, TrainSettings settings, TrainInputs inputs, int readings, bool tornAway)
    {
        try
        {
            return Run(folder, settings, inputs, readings, stop: tornAway) == RunEnd.Drained;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    internal static RunEnd Run(ScratchDirectory folder, TrainSettings settings, TrainInputs inputs, int readings, string name = "out",
        bool stop = false)
    {
        using var clock = new StepClock(readings, stop);
        return TrainingRun.Run(settings, Simulator, inputs, folder[$"{name}/model.pth"], folder[$"checkpoints-{name}"], new RunContext
        {
            Progress = new Progress<RunProgress>(),
            Clock = clock,
            Drain = clock.Drain,
            Stop = clock.Stop,
        });
    }

    private static JsonObject Network(string architecture, string? normalization, double dropout)
    {
        var keywords = new JsonObject
        {
            ["arch"] = architecture,
            ["num_layers"] = 1,
            ["activation"] = normalization == "self" ? "SELU" : "ELU",
        };
        keywords[architecture == "MLP" ? "hidden_size" : "residual_size"] = 16;
        if (architecture == "ResNet") keywords["num_blocks"] = 1;
        if (normalization is not null) keywords["normalization"] = normalization;
        if (dropout > 0) keywords["dropout"] = dropout;
        return keywords;
    }

    private static JsonObject Flow(string architecture) =>
        new() { ["arch"] = architecture, ["num_transforms"] = 2, ["hidden_features"] = 16, ["activation"] = "ELU" };

    private static JsonObject Coupling()
    {
        var keywords = Flow("PRQ");
        (keywords["coupling"], keywords["bounded"], keywords["use_residual_blocks"]) = (true, true, true);
        return keywords;
    }

    private static JsonObject Monotonic()
    {
        var keywords = Flow("UMNN");
        (keywords["integrand_net_layers"], keywords["cond_size"], keywords["nb_steps"]) = (new JsonArray(8, 8), 4, 10);
        return keywords;
    }
}
