namespace Amnre.Worker.Drain;

/// <summary>The longest times that runs of this worker took to save their state and to look up, measured as they go.</summary>
internal sealed class RunMeasure(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private TimeSpan? _save, _step;
    private long? _lookedUp;

    public TimeSpan? Save
    {
        get
        {
            lock (_gate) return _save;
        }
    }

    public TimeSpan? Step
    {
        get
        {
            lock (_gate) return _step;
        }
    }

    public void Begin()
    {
        lock (_gate) _lookedUp = null;
    }

    public void Saved(TimeSpan took)
    {
        lock (_gate) _save = _save > took ? _save : took;
    }

    /// <summary>The run reported, so it also looked at its signals. The first report comes after opening files and is no measure.</summary>
    public void LookedUp()
    {
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            if (_lookedUp is { } last && clock.GetElapsedTime(last, now) is var took && !(_step > took)) _step = took;
            _lookedUp = now;
        }
    }
}
