using System.Text.Json.Nodes;
using Amnre.Engine.Optimization;
using Amnre.Engine.Settings;
using Amnre.Engine.Tests.Golden;

namespace Amnre.Engine.Tests.Optimization;

public sealed class LearningRateScheduleTests
{
    private static readonly JsonNode Optim = GoldenFile.Json("optim.json");

    [Theory]
    [InlineData("plateau_default")]
    [InlineData("plateau_patience2")]
    [InlineData("plateau_patience0")]
    [InlineData("plateau_negative_losses")]
    public void Plateau_follows_the_original_exactly(string name)
    {
        var keywords = Optim[name]!["kwargs"]!;
        Follow(name, new TrainSettings
        {
            Simulator = "",
            Scheduler = Schedule.Plateau,
            Factor = keywords["factor"]!.GetValue<double>(),
            Patience = keywords["patience"]!.GetValue<int>(),
            Threshold = keywords["threshold"]!.GetValue<double>(),
            MinLearningRate = keywords["min_lr"]!.GetValue<double>(),
            LearningRate = keywords["lr"]!.GetValue<double>(),
        });
    }

    [Fact]
    public void Plateau_takes_NaN_for_a_bad_epoch() =>
        Follow("plateau_nan", new TrainSettings { Simulator = "", Patience = 1 });

    [Fact]
    public void Cosine_follows_the_original_exactly() =>
        Follow("cosine", new TrainSettings { Simulator = "", Scheduler = Schedule.Cosine, Epochs = 8 });

    [Fact]
    public void Exponential_follows_the_original_exactly() =>
        Follow("exp", new TrainSettings { Simulator = "", Scheduler = Schedule.Exponential, Epochs = 8 });

    private static void Follow(string name, TrainSettings settings)
    {
        var schedule = LearningRateSchedule.Of(settings);
        var state = new ScheduleState(settings.LearningRate);
        foreach (var row in Optim[name]!["rows"]!.AsArray())
        {
            Assert.Equal(row!["lr_recorded"]!.GetValue<double>(), state.Rate);
            state = schedule.After(state, row["loss"] is { } loss ? GoldenFile.Doubles(loss)[0] : 0);
            Assert.Equal(row["lr_after"]!.GetValue<double>(), state.Rate);
            // The original's cosine reports its end only after the last epoch, where the run is over anyway.
            Assert.Equal(row["bottom"]!.GetValue<bool>() && settings.Scheduler == Schedule.Plateau, schedule.Ends(state));
        }
    }
}
