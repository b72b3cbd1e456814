namespace Amnre.Engine.Tests.Training;

/// <summary>A clock that a training reads at every step: it asks for the end after so many readings.</summary>
internal sealed class StepClock(int readings, bool stop = false) : TimeProvider, IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private int _left = readings;
    private long _now;

    public CancellationToken Drain => stop ? default : _end.Token;

    public CancellationToken Stop => stop ? _end.Token : default;

    public override long TimestampFrequency => 1;

    public void Dispose() => _end.Dispose();

    public override long GetTimestamp()
    {
        if (--_left == 0) _end.Cancel();
        return _now++;
    }
}
