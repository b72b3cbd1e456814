using Amnre.Jobs.Attempts;

namespace Amnre.Worker.Execution;

/// <summary>What a worker believes of the lease of the attempt that it holds, and what it makes of each heartbeat's answer.</summary>
/// <remarks>A lease counts from before the beat was sent, on the monotonic clock: it ends here no later than in the database.</remarks>
internal sealed class LeaseWatch(TimeSpan lease, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private HeldAttempt? _held;
    private long _renewedAt;

    /// <param name="claimedAt">Timestamp of before the claim was sent.</param>
    public void Hold(HeldAttempt held, long claimedAt)
    {
        lock (_gate)
        {
            (_held, _renewedAt) = (held, claimedAt);
        }
    }

    public void Release()
    {
        lock (_gate)
        {
            _held = null;
        }
    }

    /// <summary>The attempt whose lease the next beat asks for; null when none is held or it is known to be lost.</summary>
    public HeldAttempt? Asked()
    {
        lock (_gate)
        {
            return _held is { Reason: StopReason.LeaseLost } ? null : _held;
        }
    }

    /// <param name="asked">As returned by <see cref="Asked"/> when the beat was sent.</param>
    /// <param name="sentAt">Timestamp of before the beat was sent.</param>
    public void Apply(HeldAttempt? asked, Heartbeat heartbeat, long sentAt)
    {
        lock (_gate)
        {
            if (asked is null || asked != _held)
            {
                return;
            }

            _renewedAt = heartbeat.Held ? sentAt : _renewedAt;
        }

        if (!heartbeat.Held)
        {
            asked.StopFor(StopReason.LeaseLost);
        }
        else if (heartbeat.Stop)
        {
            asked.StopFor(StopReason.Cancelled);
        }
        else if (heartbeat.HandBack)
        {
            asked.AskBack();
        }
    }

    /// <summary>Stops the run when its lease was not renewed in time.</summary>
    public void LoseExpired()
    {
        lock (_gate)
        {
            if (_held is not null && clock.GetElapsedTime(_renewedAt) >= lease)
            {
                _held.StopFor(StopReason.LeaseLost);
            }
        }
    }
}
