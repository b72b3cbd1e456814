namespace Amnre.Engine;

/// <summary>Passes a run's progress on at most four times a second.</summary>
internal sealed class PacedProgress(RunContext context, double total, string unit)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private long? _last;

    /// <summary>Throws when the run was told to stop; else reports <paramref name="done"/> of the total if it is time to.</summary>
    public void Report(double done)
    {
        context.Stop.ThrowIfCancellationRequested();
        if (done < total && _last is { } last && context.Clock.GetElapsedTime(last) < Pause) return;
        _last = context.Clock.GetTimestamp();
        context.Progress.Report(new RunProgress(done, total, unit));
    }

    /// <summary>For a part that counts in units of its own: it is one unit of this, after <paramref name="done"/> of them.</summary>
    public IProgress<RunProgress> Within(double done) => new Part(this, done);

    private sealed class Part(PacedProgress whole, double done) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => whole.Report(done + (value.Total > 0 ? Math.Min(value.Done / value.Total, 1) : 0));
    }
}
