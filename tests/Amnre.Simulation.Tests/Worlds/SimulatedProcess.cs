namespace Amnre.Simulation.Tests.Worlds;

/// <summary>A process: real asynchronous code runs in it on the world's time, one step at a time. It can be killed between any two steps,
/// and stopped and continued as SIGSTOP and SIGCONT do.</summary>
internal sealed class SimulatedProcess(World world, string name) : SynchronizationContext
{
    private readonly Queue<Action> _deferred = [];
    private SimulatedClock? _clock;
    private int _freezes;

    public string Name => name;

    public bool IsAlive { get; private set; } = true;

    public bool IsFrozen => _freezes > 0;

    /// <summary>Cut off from the database.</summary>
    public bool IsCutOff { get; set; }

    /// <summary>Counts what <c>pg_terminate_backend</c> did to its sessions.</summary>
    public int Sessions { get; set; }

    /// <summary>How far its monotonic clock is behind for having been suspended with its machine.</summary>
    public TimeSpan Behind { get; set; }

    public TimeProvider Clock => _clock ??= new SimulatedClock(world, this);

    /// <summary>Called once when it is killed or ends: what the system does to what it held.</summary>
    public event Action? Died;

    public void Start(Func<Task> main) => world.After(TimeSpan.Zero, this, () => _ = GuardAsync(main));

    public void Kill()
    {
        if (!IsAlive) return;
        IsAlive = false;
        Died?.Invoke();
    }

    public void Freeze() => _freezes++;

    public void Thaw()
    {
        if (--_freezes > 0) return;
        while (_deferred.TryDequeue(out var action)) world.After(TimeSpan.Zero, this, action);
    }

    public void Take(Action action)
    {
        if (!IsAlive) return;
        if (IsFrozen)
        {
            _deferred.Enqueue(action);
            return;
        }

        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            action();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public override void Post(SendOrPostCallback d, object? state) => world.After(TimeSpan.Zero, this, () => d(state));

    private async Task GuardAsync(Func<Task> main)
    {
        try
        {
            await main();
        }
        catch (Exception e) // The real loops let nothing through; if one does, that is a finding.
        {
            Fault = e;
        }

        Kill();
    }

    public Exception? Fault { get; private set; }

    private sealed class SimulatedClock(World world, SimulatedProcess process) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => world.Now - process.Behind.Ticks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + world.Time;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new OneShot();
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                world.After(dueTime, process, () =>
                {
                    if (!timer.IsOff) callback(state);
                });
            }

            return timer;
        }
    }

    private sealed class OneShot : ITimer
    {
        public bool IsOff { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException("the house changes no timers");

        public void Dispose() => IsOff = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>One of I1 to I8 does not hold.</summary>
internal sealed class InvariantException(string message) : Exception(message);
