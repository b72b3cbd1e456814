namespace Amnre.Engine.Training;

/// <summary>Tells the watcher how a training goes, at most once an interval: of several models the mean figures of those under
/// way.</summary>
internal sealed class ProgressReport(RunContext context, int epochs, int steps, TimeSpan interval)
{
    private long? _last;

    public void Step(IReadOnlyList<TrainingState> states)
    {
        if (_last is { } last && context.Clock.GetElapsedTime(last) < interval) return;
        Report(states);
    }

    public void EndEpoch(IReadOnlyList<TrainingState> states)
    {
        if (states.All(state => state.Finished)) Report(states);
    }

    private void Report(IReadOnlyList<TrainingState> states)
    {
        _last = context.Clock.GetTimestamp();
        var running = states.Where(state => !state.Finished).ToList();
        var finished = running.Count == 0;
        if (finished) running = [.. states];
        var metrics = new Dictionary<string, double>
        {
            ["epoch"] = Math.Min(running.Max(state => state.Epoch), epochs),
            ["lr"] = running.Average(state => state.Schedule.Rate),
        };
        Add("loss", running.Select(Loss));
        Add("v_loss", running.Select(state => state.History.Count > 0 ? state.History[^1].ValidationMean : null));
        if (states.Sum(state => state.SkippedSteps.Count() + state.SkippedValidation.Count()) is var skipped and > 0)
            metrics["skipped"] = skipped;
        // A schedule may end before the last epoch: then all that was to be done is done.
        var total = (double)epochs * steps;
        var done = finished ? total : (double)(running[0].Epoch - 1) * steps + running[0].Step;
        context.Progress.Report(new RunProgress(done, total, "steps") { Metrics = metrics });

        void Add(string name, IEnumerable<float?> values)
        {
            if (values.Average() is { } mean) metrics[name] = mean;
        }
    }

    private static float? Loss(TrainingState state) =>
        state.Losses.Count > 0 ? TrainingState.Moments(state.Losses).Mean : state.History.Count > 0 ? state.History[^1].Mean : null;
}
