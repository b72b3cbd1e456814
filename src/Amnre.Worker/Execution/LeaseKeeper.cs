using Amnre.Jobs.Attempts;
using Amnre.Jobs.Workers;
using Amnre.Worker.Drain;
using Microsoft.Extensions.Logging;

namespace Amnre.Worker.Execution;

/// <summary>The worker's heartbeat: a thread and a connection of its own, so that neither a busy run nor a busy pool can stop
/// it.</summary>
internal sealed class LeaseKeeper : IDisposable
{
    /// <summary>Progress is pushed at most this often between the regular beats.</summary>
    private static readonly TimeSpan ShortestGap = TimeSpan.FromSeconds(1);

    /// <summary>However long the lease, heartbeats come this often, and bring back cancellation and draining.</summary>
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(10);

    private readonly WorkerIdentity _identity;
    private readonly IAttemptLedger _attempts;
    private readonly WorkerRegistry _registry;
    private readonly DrainSignal _drain;
    private readonly RunMeasure _measure;
    private readonly TimeSpan _lease;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly AutoResetEvent _wake = new(false);
    private readonly LeaseWatch _watch;
    private readonly Thread _thread;
    private readonly CancellationTokenRegistration _onDrain;
    private readonly ManualResetEvent _ended = new(false);

    /// <param name="attempts">On a pool that nothing else uses.</param>
    /// <param name="registry">On the same pool.</param>
    public LeaseKeeper(
        WorkerIdentity identity, IAttemptLedger attempts, WorkerRegistry registry, DrainSignal drain, RunMeasure measure,
        TimeSpan lease, TimeProvider clock, ILogger<LeaseKeeper> logger)
    {
        (_identity, _attempts, _registry, _drain, _measure, _lease, _clock, _logger) = (identity, attempts, registry, drain, measure, lease,
            clock, logger);
        _watch = new LeaseWatch(lease, clock);
        // Others hear at once that we leave: a worker that is killed while it saves was taken away, and did not die of its job.
        _onDrain = drain.Token.Register(() => _wake.Set());
        _thread = new Thread(Run) { IsBackground = true, Name = "heartbeat" };
        _thread.Start();
    }

    /// <summary>Starts keeping a claim.</summary>
    /// <param name="claimedAt">Timestamp of before the claim was sent.</param>
    public HeldAttempt Hold(long token, long claimedAt)
    {
        _measure.Begin();
        var held = new HeldAttempt(token, _clock, () =>
        {
            _measure.LookedUp();
            _wake.Set();
        });
        _watch.Hold(held, claimedAt);
        return held;
    }

    public void Release() => _watch.Release();

    public void Dispose()
    {
        _onDrain.Dispose();
        _ended.Set();
        _wake.Set();
        _thread.Join(TimeSpan.FromSeconds(5));
    }

    private void Run()
    {
        var interval = Shorter(_lease / 4, LongestGap);
        var failures = 0;
        while (!_ended.WaitOne(TimeSpan.Zero))
        {
            var sentAt = _clock.GetTimestamp();
            try
            {
                Beat(sentAt);
                failures = 0;
            }
            catch (Exception e) // Whatever fails in the database, heartbeats continue; the lease decides how long the run may.
            {
                failures++;
                _logger.LogWarning("Heartbeat failed ({Failures} in a row): {Message}", failures, e.Message);
            }

            _watch.LoseExpired();
            _wake.WaitOne(failures == 0 ? interval : Shorter(interval, TimeSpan.FromSeconds(Math.Min(failures, 3))));
            var gap = Shorter(interval, ShortestGap) - _clock.GetElapsedTime(sentAt);
            if (gap > TimeSpan.Zero)
            {
                _ended.WaitOne(gap);
            }
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private void Beat(long sentAt)
    {
        var held = _watch.Asked();
        var progress = held?.TakeProgress();
        Heartbeat heartbeat;
        try
        {
            heartbeat = _attempts.Beat(_identity.Id, held?.Token, _lease, progress, _drain.IsRequested, _measure.Save);
        }
        catch
        {
            held?.ReturnProgress(progress);
            throw;
        }

        if (!heartbeat.Known)
        {
            _registry.RegisterAsync(_identity.Entry, CancellationToken.None).GetAwaiter().GetResult();
        }

        if (heartbeat.Drain)
        {
            _drain.Request("asked to drain");
        }

        _watch.Apply(held, heartbeat, sentAt);
    }
}
