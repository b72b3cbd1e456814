using System.Text.Json.Nodes;
using Amnre.Engine.Settings;
using Amnre.Engine.Tables;
using Amnre.Engine.Tests.Golden;
using Amnre.Engine.Training;

namespace Amnre.Engine.Tests.Training;

/// <summary>Trainings that pause and go on elsewhere, as the rungs of a search do.</summary>
public sealed class PausedTrainingTests
{
    private static readonly ToySimulator Slcp = new("SLCP", 5, 4, 2);
    private static readonly TrainInputs Inputs = new(GoldenFile.Path("fixtures/slcp-train.h5"), GoldenFile.Path("fixtures/slcp-valid.h5"));

    private static TrainSettings Settings => new()
    {
        Simulator = "SLCP",
        Seed = 3,
        Arbitrary = true,
        Model = new JsonObject { ["num_layers"] = 1, ["hidden_size"] = 16, ["activation"] = "ELU", ["normalization"] = "batch" },
        Epochs = 5,
        Descents = 8,
        BatchSize = 256,
        Scheduler = Schedule.Cosine,
        Average = 0.9,
    };

    [Fact]
    public void A_chain_of_pauses_ends_in_the_bytes_of_one_training_at_each_pause_and_at_the_end()
    {
        using var folder = new ScratchDirectory();
        Train(folder, Settings, "whole", null);
        Train(folder, Settings with { StopAfter = 1 }, "one", null);
        Train(folder, Settings with { StopAfter = 3 }, "three", "one");
        Train(folder, Settings with { StopAfter = 3 }, "at once", null);
        var notes = Train(folder, Settings, "end", "three");

        Assert.DoesNotContain(notes, note => note.Contains("begins with the first epoch", StringComparison.Ordinal));
        Assert.Equal(3, HistoryFile.Read(folder["three/model.csv"]).Count);
        Same(folder, "at once", "three");
        Same(folder, "whole", "end");
        // The last of the epochs before it paused are those of the whole.
        Assert.Equal(Unmeasured(folder, "whole")[..3], Unmeasured(folder, "three"));
        Assert.False(File.Exists(folder["end/model.state.safetensors"]));
    }

    [Fact]
    public void A_training_that_ends_by_itself_below_its_pause_goes_no_further()
    {
        using var folder = new ScratchDirectory();
        var settings = Settings with { Scheduler = Schedule.Plateau, Patience = 0, Threshold = 0.9, Factor = 1e-9 };
        Train(folder, settings, "whole", null);
        Train(folder, settings with { StopAfter = 4 }, "four", null);
        Train(folder, settings, "end", "four");

        Assert.True(HistoryFile.Read(folder["four/model.csv"]).Count < 4);
        Same(folder, "whole", "four");
        Same(folder, "whole", "end");
    }

    [Fact]
    public void The_state_of_another_training_is_not_resumed()
    {
        using var folder = new ScratchDirectory();
        Train(folder, Settings, "whole", null);
        Train(folder, Settings with { StopAfter = 2, LearningRate = 1e-4 }, "other", null);

        var notes = Train(folder, Settings, "end", "other");

        Assert.Contains(notes,
            note => note.Contains("'lr' (0.0001 before, now 0.001) changed: begins with the first epoch", StringComparison.Ordinal));
        Same(folder, "whole", "end");
    }

    [Fact]
    public void A_pause_at_the_end_is_refused()
    {
        using var folder = new ScratchDirectory();
        var refused = Assert.Throws<InputException>(() => Train(folder, Settings with { StopAfter = 5 }, "end", null));
        Assert.Contains("a pause after epoch 5 of 5 is the end", refused.Message, StringComparison.Ordinal);
    }

    private static void Same(ScratchDirectory folder, string expected, string actual)
    {
        foreach (var file in (string[])["model.pth", "model.best.pth"])
            Assert.Equal(File.ReadAllBytes(folder[$"{expected}/{file}"]), File.ReadAllBytes(folder[$"{actual}/{file}"]));
        Assert.Equal(Unmeasured(folder, expected), Unmeasured(folder, actual));
    }

    private static EpochStatistics[] Unmeasured(ScratchDirectory folder, string name) =>
        [.. HistoryFile.Read(folder[$"{name}/model.csv"]).Select(epoch => epoch with { Seconds = 0 })];

    private static List<string> Train(ScratchDirectory folder, TrainSettings settings, string name, string? from)
    {
        var notes = new List<string>();
        Directory.CreateDirectory(folder[name]);
        Assert.Equal(RunEnd.Completed, TrainingRun.Run(
            [new ModelTraining(settings, Inputs, folder[$"{name}/model.pth"])], Slcp, folder[$"{name}-checkpoints"],
            RunContexts.Quiet with { Note = notes.Add }, from is null ? null : folder[$"{from}/model.state.safetensors"]));
        return notes;
    }
}
