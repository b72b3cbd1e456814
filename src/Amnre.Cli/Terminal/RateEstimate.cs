namespace Amnre.Cli.Terminal;

/// <summary>Units per second of one running job, from what was seen of it: a moving average that forgets in about ten seconds,
/// so that a resumed job is not credited with what it did before.</summary>
internal sealed class RateEstimate
{
    private const double Memory = 10;

    private (long Timestamp, double Done)? _last;

    /// <summary>Units per second; null until something has moved.</summary>
    public double? PerSecond { get; private set; }

    /// <param name="done">Units finished so far.</param>
    /// <param name="timestamp">Of <paramref name="clock"/>.</param>
    /// <param name="clock">Measures between calls.</param>
    public void See(double done, long timestamp, TimeProvider clock)
    {
        if (_last is not { } last || done < last.Done)
        {
            _last = (timestamp, done);
            return;
        }

        var seconds = clock.GetElapsedTime(last.Timestamp, timestamp).TotalSeconds;
        if (done == last.Done || seconds <= 0) return;
        var rate = (done - last.Done) / seconds;
        var weight = 1 - Math.Exp(-seconds / Memory);
        PerSecond = PerSecond is { } old ? old + weight * (rate - old) : rate;
        _last = (timestamp, done);
    }
}
