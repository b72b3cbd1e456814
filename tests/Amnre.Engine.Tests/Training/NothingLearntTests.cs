using System.Text.Json.Nodes;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Settings;
using Amnre.Engine.Training;
using PureHDF;

namespace Amnre.Engine.Tests.Training;

/// <summary>A training that learns nothing fails, one that skips batches says so, and checkpoints know which inputs they are of.</summary>
public sealed class NothingLearntTests : IDisposable
{
    private const int Rows = 512;

    private static readonly ToySimulator Simulator = new("SLCP", 3, 4);

    private static readonly TrainSettings Settings = new()
    {
        Simulator = "SLCP",
        Seed = 3,
        Model = new JsonObject { ["num_layers"] = 1, ["hidden_size"] = 8, ["activation"] = "ELU" },
        Epochs = 3,
        BatchSize = 128,
    };

    private readonly ScratchDirectory _folder = new();
    private readonly List<string> _notes = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, float.NaN, "x[2] is NaN")]
    [InlineData(1, float.PositiveInfinity, "x[2] is inf")]
    [InlineData(1, float.NegativeInfinity, "x[2] is -inf")]
    [InlineData(20, float.NaN, "x[2] is NaN")]
    public void Training_on_batches_that_all_hold_such_a_row_fails_and_publishes_nothing(int every, float value, string told)
    {
        var error = Assert.Throws<InputException>(
            () => Train(new TrainInputs(Samples("bad", (_, x) =>
            {
                for (var i = 0; i < Rows; i += every)
                    x[i * 4 + 2] = value;
            })))).Message;

        Assert.Contains("learnt nothing in epoch 1: all 4 batches", error, StringComparison.Ordinal);
        Assert.Contains("4 for theta or x that is not finite", error, StringComparison.Ordinal);
        Assert.Contains(told, error, StringComparison.Ordinal);
        Assert.Matches(@"row \d+ of '.*bad\.h5'", error);
        Assert.False(File.Exists(_folder["out/model.pth"]));
        Assert.False(File.Exists(_folder["out/model.json"]));
    }

    [Fact]
    public void Theta_that_is_not_a_number_is_named()
    {
        var error = Assert.Throws<InputException>(
            () => Train(new TrainInputs(Samples("theta", (theta, _) =>
            {
                for (var i = 0; i < theta.Length; i += 3)
                    theta[i] = float.NaN;
            })))).Message;

        Assert.Contains("theta[0] is NaN", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Losses_that_overflow_are_told_from_rows_that_are_not_finite()
    {
        var error = Assert.Throws<InputException>(() => Train(new TrainInputs(Samples("huge", (_, x) =>
        {
            for (var i = 0; i < x.Length; i++)
                x[i] = 3e38f;
        })))).Message;

        Assert.Contains("4 for a loss that is not finite", error, StringComparison.Ordinal);
        Assert.DoesNotContain("theta or x", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_validation_set_without_a_finite_loss_fails()
    {
        var valid = Samples("valid", (_, x) => Array.Fill(x, float.NaN));
        var error = Assert.Throws<InputException>(() => Train(new TrainInputs(Samples("good"), valid))).Message;

        Assert.Contains("cannot be validated after epoch 1", error, StringComparison.Ordinal);
        Assert.Contains(valid, error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["out/model.pth"]));
    }

    [Fact]
    public void One_bad_row_costs_its_batches_and_is_told_with_its_number()
    {
        Assert.Equal(RunEnd.Completed,
            Train(new TrainInputs(Samples("one", (_, x) => x[17 * 4] = float.PositiveInfinity),
                Samples("valid", (_, x) => x[5] = float.NaN))));

        var note = Assert.Single(_notes);
        Assert.Contains("3 of 12 batches of", note, StringComparison.Ordinal);
        Assert.Contains("row 17 of", note, StringComparison.Ordinal);
        Assert.Contains("x[0] is inf", note, StringComparison.Ordinal);
        Assert.Contains("3 batches of the validation set", note, StringComparison.Ordinal);
        Assert.Equal(3, ModelFile.Read(_folder["out/model.json"]).SkippedBatches);
    }

    [Fact]
    public void Finite_rows_are_trained_on_without_a_word()
    {
        Assert.Equal(RunEnd.Completed, Train(new TrainInputs(Samples("good"), Samples("valid"))));

        Assert.Empty(_notes);
        Assert.Equal(0, ModelFile.Read(_folder["out/model.json"]).SkippedBatches);
    }

    [Theory]
    [InlineData("samples")]
    [InlineData("valid")]
    [InlineData("weights")]
    [InlineData("adversary")]
    [InlineData("lr")]
    [InlineData("bs")]
    [InlineData("nothing")]
    public void A_drained_training_resumes_its_own_inputs_and_begins_anew_with_others(string changed)
    {
        foreach (var name in new[] { "w1", "w2" })
            Train(new TrainInputs(Samples("good")), Settings with { Epochs = 1, Seed = name[1] }, name, name);
        var (one, two) = (_folder["w1/model.pth"], _folder["w2/model.pth"]);
        TrainInputs Inputs(bool other) => new(
            Samples("good", other && changed == "samples" ? (_, x) => x[0] += 0.5f : null),
            Samples("valid", other && changed == "valid" ? (_, x) => x[0] += 0.5f : null),
            other && changed == "weights" ? two : one, other && changed == "adversary" ? two : one);
        var settings = changed switch
        {
            "lr" => Settings with { LearningRate = 2e-3 },
            "bs" => Settings with { BatchSize = 64 },
            _ => Settings
        };
        Assert.Equal(RunEnd.Drained, Train(Inputs(false), Settings, clock: new StepClock(30)));
        _notes.Clear();

        Assert.Equal(RunEnd.Completed, Train(Inputs(true), settings));
        Assert.Equal(RunEnd.Completed, Train(Inputs(true), settings, "fresh", "fresh"));

        Assert.Equal(File.ReadAllBytes(_folder["fresh/model.pth"]), File.ReadAllBytes(_folder["out/model.pth"]));
        var note = Assert.Single(_notes);
        if (changed == "nothing") Assert.Matches("^resumes from epoch [12], step", note);
        else Assert.Contains(changed is "lr" or "bs"
            ? $"'{changed}' ("
            : $"the content of '{changed}' changed", note, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(_folder["checkpoints"]).Length);
    }

    private RunEnd Train(TrainInputs inputs, TrainSettings? settings = null, string into = "out", string checkpoints = "checkpoints",
        StepClock? clock = null)
    {
        using var endless = clock ?? new StepClock(int.MaxValue);
        Directory.CreateDirectory(_folder[into]);
        var context = RunContexts.Quiet with { Clock = endless, Drain = endless.Drain, Note = _notes.Add };
        return TrainingRun.Run(settings ?? Settings, Simulator, inputs, _folder[$"{into}/model.pth"], _folder[checkpoints], context);
    }

    private string Samples(string name, Action<float[], float[]>? change = null)
    {
        var (theta, x) = (new float[Rows * 3], new float[Rows * 4]);
        Simulator.Sample(1, 0, theta, x);
        change?.Invoke(theta, x);
        new H5File
        {
            ["theta"] = new H5Dataset<float[]>(theta, fileDims: [Rows, 3]),
            ["x"] = new H5Dataset<float[]>(x, fileDims: [Rows, 4])
        }.Write(_folder[$"{name}.h5"]);
        return _folder[$"{name}.h5"];
    }
}
