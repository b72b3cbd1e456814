namespace Amnre.Jobs.Transport;

/// <summary>Whether a worker has been busy for a while, one delivery after the other, or waits for work.</summary>
internal sealed class WorkRhythm(TimeProvider clock)
{
    /// <summary>Between two deliveries that follow each other.</summary>
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan While = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private TaskCompletionSource _turned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _working;
    private long? _endedAt;
    private long _busyFrom;

    /// <summary>Done when the next delivery begins or ends.</summary>
    public Task Turned
    {
        get
        {
            lock (_gate) return _turned.Task;
        }
    }

    /// <summary>Time until it has been busy for a while; null while it waits for work.</summary>
    public TimeSpan? UntilBusy
    {
        get
        {
            lock (_gate) return _working ? Left(_busyFrom, While) : null;
        }
    }

    /// <summary>Time until it counts as waiting for work; null while it is busy.</summary>
    public TimeSpan? UntilIdle
    {
        get
        {
            lock (_gate) return _working ? null : _endedAt is { } ended ? Left(ended, Gap) : TimeSpan.Zero;
        }
    }

    public void Begin()
    {
        lock (_gate)
        {
            if (_endedAt is not { } ended || clock.GetElapsedTime(ended) >= Gap) _busyFrom = clock.GetTimestamp();
            _working = true;
            Turn();
        }
    }

    public void End()
    {
        lock (_gate)
        {
            (_working, _endedAt) = (false, clock.GetTimestamp());
            Turn();
        }
    }

    private TimeSpan Left(long since, TimeSpan of) => clock.GetElapsedTime(since) is var passed && passed < of
        ? of - passed
        : TimeSpan.Zero;

    private void Turn()
    {
        _turned.TrySetResult();
        _turned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
