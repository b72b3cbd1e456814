namespace Amnre.Engine.Training;

/// <summary>Tells the watcher how a training goes, at most once an interval.</summary>
internal sealed class ProgressReport(RunContext context, int epochs, int steps, TimeSpan interval)
{
    private long? _last;

    public void Step(TrainingState state)
    {
        if (_last is { } last && context.Clock.GetElapsedTime(last) < interval) return;
        Report(state);
    }

    public void EndEpoch(TrainingState state)
    {
        if (state.Finished) Report(state);
    }

    private void Report(TrainingState state)
    {
        _last = context.Clock.GetTimestamp();
        var metrics = new Dictionary<string, double> { ["epoch"] = Math.Min(state.Epoch, epochs), ["lr"] = state.Schedule.Rate };
        if (state.Losses.Count > 0) metrics["loss"] = TrainingState.Moments(state.Losses).Mean;
        else if (state.History.Count > 0) metrics["loss"] = state.History[^1].Mean;
        if (state.History.Count > 0 && state.History[^1].ValidationMean is { } validation) metrics["v_loss"] = validation;
        if (state.Skipped > 0) metrics["skipped"] = state.Skipped;
        // A schedule may end before the last epoch: then all that was to be done is done.
        var total = (double)epochs * steps;
        var done = state.Finished ? total : (double)(state.Epoch - 1) * steps + state.Step;
        context.Progress.Report(new RunProgress(done, total, "steps") { Metrics = metrics });
    }
}
