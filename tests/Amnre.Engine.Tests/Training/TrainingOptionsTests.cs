using System.Text.Json.Nodes;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Settings;
using Amnre.Engine.Tables;
using Amnre.Engine.Tests.Golden;
using Amnre.Engine.Training;
using TorchSharp;

namespace Amnre.Engine.Tests.Training;

/// <summary>What training offers beyond the original's loop.</summary>
public sealed class TrainingOptionsTests
{
    private static readonly ToySimulator Simulator = new("SLCP", 5, 4, 2);

    private static TrainSettings Settings => new()
    {
        Simulator = "SLCP",
        Arbitrary = true,
        Model = new JsonObject { ["num_layers"] = 1, ["hidden_size"] = 16, ["activation"] = "ELU" },
        Epochs = 6,
        Descents = 16,
        BatchSize = 128,
        LearningRate = 4e-3,
        MinLearningRate = 1e-9,
    };

    [Fact]
    public void The_last_and_the_best_weights_are_kept_and_the_settings_choose_which_is_the_model()
    {
        using var folder = new ScratchDirectory();
        // A rate far too high makes the last epoch worse than an earlier one.
        var settings = Settings with { LearningRate = 0.3, Epochs = 8 };
        Run(folder, settings, "last");
        Run(folder, settings with { Keep = KeptWeights.Best }, "best");

        var losses = HistoryFile.Read(folder["last/model.csv"]).Select(epoch => epoch.ValidationMean!.Value).ToList();
        Assert.True(losses.IndexOf(losses.Min()) < losses.Count - 1, string.Join(", ", losses));
        Assert.Equal(File.ReadAllBytes(folder["last/model.best.pth"]), File.ReadAllBytes(folder["best/model.pth"]));
        Assert.Equal(File.ReadAllBytes(folder["last/model.pth"]), File.ReadAllBytes(folder["best/model.last.pth"]));
        Assert.NotEqual(File.ReadAllBytes(folder["last/model.pth"]), File.ReadAllBytes(folder["best/model.pth"]));
        // The best weights are those with which a run of so many epochs ends.
        Run(folder, settings with { Epochs = losses.IndexOf(losses.Min()) + 1 }, "short");
        Assert.Equal(File.ReadAllBytes(folder["short/model.pth"]), File.ReadAllBytes(folder["best/model.pth"]));
    }

    [Fact]
    public void Early_stopping_ends_after_epochs_without_a_lower_loss()
    {
        using var folder = new ScratchDirectory();

        Run(folder, Settings with { LearningRate = 0.3, Epochs = 40, EarlyStopping = 2, Patience = 40 });

        var losses = HistoryFile.Read(folder["out/model.csv"]).Select(epoch => epoch.ValidationMean!.Value).ToList();
        Assert.True(losses.Count < 40);
        Assert.Equal(losses.Count - 3, losses.IndexOf(losses.Min()));
    }

    [Fact]
    public void Averaged_weights_are_the_mean_that_the_decay_defines()
    {
        using var folder = new ScratchDirectory();
        // One step an epoch: the weights after each are those of a run that ends there.
        var settings = Settings with { Descents = 1, Patience = 40 };
        float[] Weights(int epochs, double average)
        {
            Run(folder, settings with { Epochs = epochs, Average = average }, $"{epochs}-{average}");
            return StateFile.Read(folder[$"{epochs}-{average}/model.pth"])["net.net.2.weight"].Values<float>().ToArray();
        }

        var live = Enumerable.Range(1, 3).Select(epochs => Weights(epochs, 0)).ToArray();
        var averaged = Enumerable.Range(1, 3).Select(epochs => Weights(epochs, 0.24)).ToArray();

        // min(0.24, (1 + t)/(10 + t)) for t = 1, 2, 3.
        double[] decays = [2 / 11.0, 3 / 12.0 > 0.24 ? 0.24 : 3 / 12.0, 0.24];
        for (var i = 0; i < live[0].Length; i++)
            for (var t = 1; t < 3; t++)
                Assert.Equal(decays[t] * averaged[t - 1][i] + (1 - decays[t]) * live[t][i], averaged[t][i], 1e-6);
    }

    [Fact]
    public void A_device_that_is_not_there_is_named_with_the_remedy()
    {
        using var folder = new ScratchDirectory();
        if (torch.cuda.is_available()) Assert.Skip("this machine has a GPU");

        var error = Assert.Throws<InputException>(() => Run(folder, Settings with { Device = new("cuda:3") }));

        Assert.Contains("'cuda:3' is not there", error.Message, StringComparison.Ordinal);
        Assert.Contains("AMNRE_TORCH", error.Message, StringComparison.Ordinal);
        Assert.Contains("'gpu' is unknown", Assert.Throws<InputException>(() => Run(folder, Settings with { Device = new("gpu") })).Message,
            StringComparison.Ordinal);
        Assert.Contains("cuda:N", Assert.Throws<InputException>(() => Run(folder, Settings with { Device = new("cuda:-1") })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_leaves_none_of_the_others_open()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "open files are listed by Linux");
        using var folder = new ScratchDirectory();
        File.Copy(GoldenFile.Path("fixtures/slcp-train.h5"), folder["train.h5"]);
        var inputs = new TrainInputs(folder["train.h5"], folder["gone.h5"]);

        Assert.Throws<InputException>(
            () => { TrainingRun.Run(Settings, Simulator, inputs, folder["model.pth"], folder["checkpoints"], RunContexts.Quiet); });

        Assert.DoesNotContain(folder["train.h5"], Directory.EnumerateFiles("/proc/self/fd").Select(link => new FileInfo(link).LinkTarget));
    }

    private static void Run(ScratchDirectory folder, TrainSettings settings, string name = "out")
    {
        using var clock = new StepClock(int.MaxValue);
        var inputs = new TrainInputs(GoldenFile.Path("fixtures/slcp-train.h5"), GoldenFile.Path("fixtures/slcp-valid.h5"));
        TrainingRun.Run(settings, Simulator, inputs, folder[$"{name}/model.pth"], folder[$"checkpoints-{name}"], new RunContext
        {
            Progress = new Progress<RunProgress>(),
            Clock = clock,
        });
    }
}
