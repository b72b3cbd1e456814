using System.Collections.Immutable;
using Amnre.Engine.Optimization;
using Amnre.Engine.Tables;

namespace Amnre.Engine.Training;

/// <summary>Where a training stands, apart from its tensors. With them and the settings it decides everything that follows.</summary>
internal sealed record TrainingState
{
    /// <summary>The epoch that is running, from 1.</summary>
    public int Epoch { get; init; } = 1;

    /// <summary>Steps of that epoch done.</summary>
    public int Step { get; init; }

    public required ScheduleState Schedule { get; init; }

    /// <summary>Optimiser updates made; steps whose loss or gradient was not finite make none.</summary>
    public long Updates { get; init; }

    /// <summary>Those steps, over the whole training.</summary>
    public SkippedSteps SkippedSteps { get; init; } = SkippedSteps.None;

    /// <summary>Batches of the validation set without a finite loss, over the whole training.</summary>
    public SkippedSteps SkippedValidation { get; init; } = SkippedSteps.None;

    /// <summary>Lowest mean loss of an epoch so far, of the validation set where there is one.</summary>
    public float BestLoss { get; init; } = float.PositiveInfinity;

    /// <summary>The epoch that had it, from 1; 0 before the first.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Losses recorded in the running epoch.</summary>
    public ImmutableList<float> Losses { get; init; } = [];

    /// <summary>Seconds of training in the running epoch.</summary>
    public double Seconds { get; init; }

    public IReadOnlyList<EpochStatistics> History { get; init; } = [];

    /// <summary>When the training first began, local time.</summary>
    public required DateTime Started { get; init; }

    /// <summary>The last epoch is over.</summary>
    public bool Finished { get; init; }

    /// <summary>Closes the epoch: records its statistics and asks the schedule for the next rate, or for the end.</summary>
    /// <param name="validation">Losses of the validation set; null without one.</param>
    /// <param name="schedule">Of the learning rate.</param>
    /// <param name="epochs">Most epochs.</param>
    /// <param name="patience">Ends the training after so many epochs without a lower loss; 0 never.</param>
    /// <param name="crossEntropies">Of the validation set, for comparison alone; null or empty for none.</param>
    public TrainingState AfterEpoch(IReadOnlyList<float>? validation, LearningRateSchedule schedule, int epochs, int patience = 0,
        IReadOnlyList<float>? crossEntropies = null)
    {
        var (mean, deviation) = Moments(Losses);
        var (validationMean, validationDeviation) = validation is null ? ((float?)null, (float?)null) : Moments(validation);
        var metric = validationMean ?? mean;
        var next = schedule.After(Schedule, metric);
        var best = metric < BestLoss ? Epoch : BestEpoch;
        return this with
        {
            BestLoss = best == Epoch ? metric : BestLoss,
            BestEpoch = best,
            Epoch = Epoch + 1,
            Step = 0,
            Schedule = next,
            Losses = [],
            Seconds = 0,
            History = [.. History,
                new EpochStatistics(Epoch, Seconds, Schedule.Rate, mean, deviation, validationMean, validationDeviation)
                {
                    ValidationCrossEntropy = crossEntropies is { Count: > 0 } ? Moments(crossEntropies).Mean : null,
                }],
            Finished = Epoch >= epochs || schedule.Ends(next) || (patience > 0 && Epoch - best >= patience),
        };
    }

    /// <summary>Mean and unbiased standard deviation; NaN where there are too few values.</summary>
    internal static (float Mean, float Deviation) Moments(IReadOnlyList<float> values)
    {
        var mean = values.Count == 0 ? double.NaN : values.Sum(value => (double)value) / values.Count;
        var square = values.Sum(value => (value - mean) * (value - mean));
        return ((float)mean, values.Count < 2 ? float.NaN : (float)Math.Sqrt(square / (values.Count - 1)));
    }
}
