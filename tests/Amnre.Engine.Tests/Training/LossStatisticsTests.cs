using System.Text.Json.Nodes;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Estimators;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Settings;
using Amnre.Engine.Tables;
using Amnre.Engine.Tests.Golden;
using Amnre.Engine.Training;

namespace Amnre.Engine.Tests.Training;

/// <summary>What trainings of losses that the original lacks say of themselves.</summary>
public sealed class LossStatisticsTests
{
    private static readonly ToySimulator Slcp = new("SLCP", 5, 4, 2);
    private static readonly TrainInputs Inputs = new(GoldenFile.Path("fixtures/slcp-train.h5"), GoldenFile.Path("fixtures/slcp-valid.h5"));

    private static TrainSettings Settings => new()
    {
        Simulator = "SLCP",
        Seed = 11,
        Arbitrary = true,
        Model = new JsonObject { ["num_layers"] = 1, ["hidden_size"] = 16, ["activation"] = "ELU" },
        Epochs = 3,
        Descents = 8,
        BatchSize = 256,
    };

    [Theory]
    [InlineData(Criterion.Contrastive, "=1")]
    [InlineData(Criterion.Multiclass, "11111")]
    [InlineData(Criterion.Balanced, "uniform")]
    public void The_cross_entropy_of_the_validation_set_is_recorded_and_survives_interruptions(Criterion criterion, string masks)
    {
        using var folder = new ScratchDirectory();
        var settings = Settings with { Criterion = criterion, Arbitrary = masks == "uniform", Masks = [masks], Average = 0.9 };
        Assert.Equal(RunEnd.Completed, Run(folder, settings, int.MaxValue, "undisturbed"));

        var drains = 0;
        while (Run(folder, settings, 9, "drained") == RunEnd.Drained) Assert.True(++drains < 50);

        Assert.True(drains > 1);
        var history = HistoryFile.Read(folder["undisturbed/model.csv"]);
        Assert.StartsWith("epoch,time,lr,mean,std,v_mean,v_std,v_nll\n", File.ReadAllText(folder["undisturbed/model.csv"]),
            StringComparison.Ordinal);
        Assert.All(history, epoch => Assert.True(float.IsFinite(epoch.ValidationCrossEntropy!.Value)));
        Assert.Equal(history.Select(epoch => epoch with { Seconds = 0 }),
            HistoryFile.Read(folder["drained/model.csv"]).Select(epoch => epoch with { Seconds = 0 }));
        Assert.Equal(File.ReadAllBytes(folder["undisturbed/model.pth"]), File.ReadAllBytes(folder["drained/model.pth"]));
    }

    /// <summary>Of the same pairs, whatever the loss: here the loss is half of it.</summary>
    [Fact]
    public void The_cross_entropy_is_that_of_NRE_A()
    {
        using var folder = new ScratchDirectory();
        Run(folder, Settings with { Criterion = Criterion.Contrastive, Contrasts = 1 }, int.MaxValue, "out");

        Assert.All(HistoryFile.Read(folder["out/model.csv"]),
            epoch => Assert.Equal(2 * epoch.ValidationMean!.Value, epoch.ValidationCrossEntropy!.Value, 1e-5));
    }

    [Fact]
    public void The_original_s_losses_keep_their_table_and_their_settings_file()
    {
        using var folder = new ScratchDirectory();
        Run(folder, Settings with { Criterion = Criterion.Focal }, int.MaxValue, "out");

        Assert.StartsWith("epoch,time,lr,mean,std,v_mean,v_std\n", File.ReadAllText(folder["out/model.csv"]), StringComparison.Ordinal);
        var keys = JsonNode.Parse(File.ReadAllText(folder["out/model.json"]))!.AsObject();
        Assert.DoesNotContain(keys, one => one.Key is "contrasts" or "gamma" or "balance");
        Assert.False(keys["trained_on"]!.AsObject().ContainsKey("ratio_has_free_factor"));
    }

    [Theory]
    [InlineData(Criterion.Contrastive, """{"contrasts": 8, "gamma": 1.0}""", false)]
    [InlineData(Criterion.Multiclass, """{"contrasts": 8}""", true)]
    [InlineData(Criterion.Balanced, """{"balance": 100.0}""", false)]
    public void A_settings_file_tells_the_loss_s_numbers_and_whether_its_ratio_is_one(
        Criterion criterion, string numbers, bool hasFreeFactor)
    {
        using var folder = new ScratchDirectory();
        var settings = Settings with { Criterion = criterion };
        Run(folder, settings, int.MaxValue, "out");

        var written = JsonNode.Parse(File.ReadAllText(folder["out/model.json"]))!.AsObject();
        var told = new JsonObject(written.Where(one => one.Key is "contrasts" or "gamma" or "balance")
            .Select(one => KeyValuePair.Create(one.Key, one.Value?.DeepClone())));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(numbers), told), told.ToJsonString());
        var again = ModelFile.Read(folder["out/model.json"]).Settings;
        Assert.Equal((settings.Criterion, settings.Contrasts, settings.Gamma, settings.Balance),
            (again.Criterion, again.Contrasts, again.Gamma, again.Balance));
        using var model = TrainedModel.Load(folder["out/model.pth"], Slcp, threads: 1);
        Assert.Equal(hasFreeFactor, model.HasFreeFactor);
    }

    [Fact]
    public void What_a_free_factor_would_falsify_is_refused()
    {
        using var folder = new ScratchDirectory();
        Run(folder, Settings with { Criterion = Criterion.Multiclass }, int.MaxValue, "out");
        using var model = TrainedModel.Load(folder["out/model.pth"], Slcp, threads: 1);
        var inputs = new EvaluateInputs(folder["out/model.pth"], Inputs.Valid!);
        var settings = new EvaluateSettings { Simulator = "SLCP", Kl = true, First = 0, Last = 0, Masks = ["=1"] };

        var refused = Assert.Throws<InputException>(
            () => EvaluationRun.Run(settings, Slcp, model, inputs, folder["results"], RunContexts.Quiet));

        Assert.Contains("leave kl and classify out, or train with NRE-C", refused.Message, StringComparison.Ordinal);
    }

    private static RunEnd Run(ScratchDirectory folder, TrainSettings settings, int readings, string name)
    {
        using var clock = new StepClock(readings);
        return TrainingRun.Run(settings, Slcp, Inputs, folder[$"{name}/model.pth"], folder[$"checkpoints-{name}"],
            new RunContext { Progress = new Progress<RunProgress>(), Clock = clock, Drain = clock.Drain, Stop = clock.Stop });
    }
}
