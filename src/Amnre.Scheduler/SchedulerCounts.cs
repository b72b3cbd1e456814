namespace Amnre.Scheduler;

/// <summary>What this process did since it was started.</summary>
internal sealed class SchedulerCounts
{
    private long _dispatches, _rescues, _redeliveries;

    public long Dispatches => Interlocked.Read(ref _dispatches);

    /// <summary>Attempts ended because their lease had run out.</summary>
    public long Rescues => Interlocked.Read(ref _rescues);

    /// <summary>Deliveries that were lost or not claimed, and handed out again.</summary>
    public long Redeliveries => Interlocked.Read(ref _redeliveries);

    public void Dispatched(int count) => Interlocked.Add(ref _dispatches, count);

    public void Rescued() => Interlocked.Increment(ref _rescues);

    public void Redelivered(int count) => Interlocked.Add(ref _redeliveries, count);
}
