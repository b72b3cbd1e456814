using Amnre.Jobs.Dispatching;

namespace Amnre.Scheduler.Dispatch;

/// <summary>How many jobs workers take out of each queue before the next look. Where jobs take milliseconds, workers would else wait for
/// the dispatcher; where they take longer than <see cref="Soon"/>, it comes to nothing and the queues stay as shallow as they
/// are.</summary>
internal sealed class DispatchPace(TimeProvider clock)
{
    /// <summary>What is taken within this time is kept in the queue: so long may an urgent job wait behind others.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(0.5);

    private readonly Dictionary<string, int> _waiting = [];
    private Dictionary<string, double> _pace = [];
    private long? _lookedAt;

    /// <summary>Jobs that are taken within <see cref="Soon"/>, by queue, at the pace of about the last second.</summary>
    /// <param name="situation">As just read.</param>
    public IReadOnlyDictionary<string, int> Look(PlacementSituation situation)
    {
        var now = clock.GetTimestamp();
        if (_lookedAt is { } before && clock.GetElapsedTime(before, now).TotalSeconds is var seconds and > 0)
        {
            // A short look says little: each weighs by its length.
            var weight = Math.Min(seconds, 1);
            _pace = _waiting.Keys.Union(situation.Waiting.Keys).ToDictionary(queue => queue, queue =>
                ((1 - weight) * _pace.GetValueOrDefault(queue))
                + (weight * Math.Max(_waiting.GetValueOrDefault(queue) - situation.Waiting.GetValueOrDefault(queue), 0) / seconds));
        }

        _lookedAt = now;
        _waiting.Clear();
        foreach (var (queue, count) in situation.Waiting) _waiting[queue] = count;
        return _pace.ToDictionary(one => one.Key, one => (int)(one.Value * Soon.TotalSeconds));
    }

    public void Placed(IEnumerable<string> queues)
    {
        foreach (var queue in queues) _waiting[queue] = _waiting.GetValueOrDefault(queue) + 1;
    }
}
