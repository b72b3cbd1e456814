using Amnre.Engine;
using Amnre.Jobs.Specs;

namespace Amnre.Worker.Execution;

/// <summary>The attempt that this worker holds: its lease on the monotonic clock, its latest progress, and its stop signal.</summary>
internal sealed class HeldAttempt(long token, TimeProvider clock, Action reported) : IProgress<RunProgress>, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _handBack = new();
    private readonly Pace _pace = new(clock);
    private volatile ReportedProgress? _progress;
    private int _reason;

    public long Token { get; } = token;

    public CancellationToken Stop => _stop.Token;

    /// <summary>A request to drain this attempt, and not the worker.</summary>
    public CancellationToken HandBack => _handBack.Token;

    /// <summary>Also told of every report.</summary>
    public AttemptLog? Log { get; set; }

    public StopReason Reason => (StopReason)Volatile.Read(ref _reason);

    /// <summary>Taken by the heartbeat, which carries each report once.</summary>
    public ReportedProgress? TakeProgress() => Interlocked.Exchange(ref _progress, null);

    /// <summary>Puts back what a failed heartbeat did not deliver, unless there is newer.</summary>
    public void ReturnProgress(ReportedProgress? progress) => Interlocked.CompareExchange(ref _progress, progress, null);

    public void Report(RunProgress value)
    {
        _progress = _pace.Report(value);
        Log?.Report(value);
        reported();
    }

    /// <summary>Stops the run; the first reason stays.</summary>
    public void StopFor(StopReason reason)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, (int)StopReason.None) == (int)StopReason.None)
        {
            _stop.Cancel();
        }
    }

    public void AskBack() => _handBack.Cancel();

    public void Dispose()
    {
        _stop.Dispose();
        _handBack.Dispose();
    }
}
