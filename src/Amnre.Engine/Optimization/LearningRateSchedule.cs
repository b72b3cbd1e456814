using Amnre.Engine.Settings;

namespace Amnre.Engine.Optimization;

/// <summary>Where a schedule stands after some epochs.</summary>
/// <param name="Rate">Learning rate of the next epoch.</param>
/// <param name="Epochs">Epochs seen.</param>
/// <param name="Best">Plateau: best metric so far.</param>
/// <param name="BadEpochs">Plateau: epochs in a row without a better one.</param>
internal sealed record ScheduleState(double Rate, int Epochs = 0, double Best = double.PositiveInfinity, int BadEpochs = 0);

/// <summary>How the learning rate follows the epochs; a pure function of the state and the epoch's metric.</summary>
internal abstract record LearningRateSchedule
{
    public static LearningRateSchedule Of(TrainSettings settings) => settings.Scheduler switch
    {
        Schedule.Plateau => new Plateau(settings.Patience, settings.Threshold, settings.Factor, settings.MinLearningRate),
        Schedule.Exponential => new Exponential(Math.Pow(settings.LearningRate / settings.MinLearningRate, -1.0 / settings.Epochs)),
        Schedule.Cosine => new Cosine(settings.LearningRate, settings.MinLearningRate, settings.Epochs),
        _ => throw new ArgumentOutOfRangeException(nameof(settings), settings.Scheduler, null),
    };

    /// <param name="state">Before the epoch's end.</param>
    /// <param name="metric">Mean validation loss, or training loss without a validation set; NaN when no loss was finite.</param>
    public abstract ScheduleState After(ScheduleState state, double metric);

    /// <summary>Whether training ends here, before its last epoch.</summary>
    public virtual bool Ends(ScheduleState state) => false;

    /// <summary>Multiplies the rate by <paramref name="Factor"/> after more than <paramref name="Patience"/> epochs without a metric
    /// below best·(1 - <paramref name="Threshold"/>); ends at <paramref name="MinRate"/>.</summary>
    /// <remarks>For negative metrics that bound lies above the best, so that slightly worse ones count as better; NaN never does.</remarks>
    internal sealed record Plateau(int Patience, double Threshold, double Factor, double MinRate) : LearningRateSchedule
    {
        private const double SmallestChange = 1e-8;

        public override ScheduleState After(ScheduleState state, double metric)
        {
            var better = metric < state.Best * (1 - Threshold);
            var next = state with
            {
                Epochs = state.Epochs + 1,
                Best = better ? metric : state.Best,
                BadEpochs = better ? 0 : state.BadEpochs + 1,
            };
            if (next.BadEpochs <= Patience) return next;
            var rate = Math.Max(next.Rate * Factor, MinRate);
            return next with { Rate = next.Rate - rate > SmallestChange ? rate : next.Rate, BadEpochs = 0 };
        }

        public override bool Ends(ScheduleState state) => state.Rate <= MinRate;
    }

    /// <summary>Multiplies the rate by <paramref name="Gamma"/> after each epoch.</summary>
    internal sealed record Exponential(double Gamma) : LearningRateSchedule
    {
        public override ScheduleState After(ScheduleState state, double metric) =>
            state with { Epochs = state.Epochs + 1, Rate = state.Rate * Gamma };
    }

    /// <summary>Half a cosine from <paramref name="First"/> to <paramref name="MinRate"/> over <paramref name="Period"/> epochs
    /// (Loshchilov and Hutter 2017), by PyTorch's recurrence, whose rounding differs from that of the closed form.</summary>
    internal sealed record Cosine(double First, double MinRate, int Period) : LearningRateSchedule
    {
        public override ScheduleState After(ScheduleState state, double metric)
        {
            var epoch = state.Epochs + 1;
            var rate = (epoch - 1 - Period) % (2 * Period) == 0
                ? state.Rate + (First - MinRate) * (1 - Math.Cos(Math.PI / Period)) / 2
                : (1 + Math.Cos(Math.PI * epoch / Period)) / (1 + Math.Cos(Math.PI * (epoch - 1) / Period))
                    * (state.Rate - MinRate) + MinRate;
            return state with { Epochs = epoch, Rate = rate };
        }
    }
}
