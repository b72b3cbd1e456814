using Microsoft.Extensions.Logging;

namespace Amnre.Worker.Drain;

/// <summary>A request to drain this worker, and its deadline.</summary>
/// <param name="grace">From the request to the moment when runs are stopped instead.</param>
internal sealed class DrainSignal(TimeSpan grace, TimeProvider clock, ILogger<DrainSignal> logger) : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly CancellationTokenSource _graceOver = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _timer;
    private int _once;

    /// <summary>The time there is, or was when asked.</summary>
    public TimeSpan Grace { get; private set; } = grace;

    public bool IsRequested => _requested.IsCancellationRequested;

    public CancellationToken Token => _requested.Token;

    public CancellationToken GraceOver => _graceOver.Token;

    /// <summary>Completes when draining is asked for.</summary>
    public Task Requested => _completion.Task;

    /// <param name="why">For the log.</param>
    /// <param name="longer">Time to drain, where that is longer than the default grace period.</param>
    public void Request(string why, TimeSpan? longer = null)
    {
        if (Interlocked.Exchange(ref _once, 1) == 1)
        {
            return;
        }

        logger.LogInformation("Draining: {Why}", why);
        Grace = longer > Grace ? longer.Value : Grace;
        _timer = clock.CreateTimer(_ => _graceOver.Cancel(), null, Grace, Timeout.InfiniteTimeSpan);
        _completion.SetResult();
        _requested.Cancel();
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _requested.Dispose();
        _graceOver.Dispose();
    }
}
