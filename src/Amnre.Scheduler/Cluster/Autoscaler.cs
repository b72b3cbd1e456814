using Amnre.Jobs.Allocations;
using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Graph;
using Microsoft.Extensions.Logging;

namespace Amnre.Scheduler.Cluster;

/// <summary>Makes the batch system's allocations follow the queue: looks, decides by <see cref="Scaling"/>, acts. One runs, beside the
/// leader's loop, so that a slow controller delays nothing but itself.</summary>
internal sealed class Autoscaler(PoolLedger ledger, SlurmCluster slurm, SchedulerOptions options, ILogger<Autoscaler> logger)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    /// <summary>An allocation that Slurm has not known for so long is gone; a controller that restarts may forget for a moment.</summary>
    private static readonly TimeSpan UnknownIsGone = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, long> _missing = [];
    private readonly Dictionary<string, DateTime> _rehearsed = [];
    private readonly Dictionary<string, string> _refusals = [];

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await StepAsync(stop);
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) // The database went away, or something unforeseen: look again.
            {
                logger.LogWarning("Allocations could not be reviewed: {Message}", e.Message);
                logger.LogDebug(e, "Allocations could not be reviewed");
            }

            await Task.Delay(options.ClusterInterval, options.Clock, stop).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    /// <summary>Looks once at every pool that is up or has allocations left.</summary>
    public async Task StepAsync(CancellationToken stop)
    {
        var pools = await ledger.PoolsAsync(stop);
        if (pools.Count == 0) return;
        var prefix = $"amnre-{await ledger.LedgerNameAsync(stop)}-";
        var open = await ledger.AllocationsAsync(TimeSpan.Zero, stop);
        var live = pools.Where(pool => pool.Up || open.Any(one => one.Pool == pool.Name)).ToList();
        if (live.Count == 0) return;
        try
        {
            var known = await slurm.JobsAsync([.. live.Select(pool => prefix + pool.Name)], stop);
            foreach (var pool in live)
                await CompareAsync(pool, [.. known.Where(job => job.Name == prefix + pool.Name)],
                    [.. open.Where(one => one.Pool == pool.Name)], stop);
        }
        catch (SlurmException e)
        {
            foreach (var pool in live) await SayAsync(pool, $"Slurm does not answer: {e.Message}", stop);
            return;
        }

        open = await ledger.AllocationsAsync(TimeSpan.Zero, stop);
        var lead = DrainLead.Of(await ledger.LongestSaveAsync(stop), null, TimeSpan.MaxValue);
        // Again: what came to light just now may have set a pause.
        foreach (var pool in (await ledger.PoolsAsync(stop)).Where(pool => live.Exists(one => one.Name == pool.Name)))
            await DecideAsync(pool, prefix + pool.Name, [.. open.Where(one => one.Pool == pool.Name)], lead < pool.Settings.Time / 2
                ? lead
                : pool.Settings.Time / 2, stop);
    }

    /// <summary>Brings what the ledger has of a pool's allocations to what Slurm says.</summary>
    private async Task CompareAsync(Pool pool, IReadOnlyList<SlurmJob> known, IReadOnlyList<Allocation> open, CancellationToken stop)
    {
        // A crash between a submission and its note leaves allocations that only Slurm knows.
        var strangers = known.Where(job => job.Standing != AllocationState.Ended && !open.Any(one => one.SlurmId == job.Id))
            .Select(job => job.Id).ToList();
        if (strangers.Count > 0) await ledger.AddAsync(pool.Name, strangers, stop);
        var now = options.Clock.GetUtcNow();
        var said = known.ToDictionary(job => job.Id);
        foreach (var id in open.Select(one => one.SlurmId).Union(strangers))
        {
            if (!said.TryGetValue(id, out var job))
            {
                await ForgottenAsync(pool, open.FirstOrDefault(one => one.SlurmId == id), id, stop);
                continue;
            }

            _missing.Remove(id);
            if (job.Standing == AllocationState.Ended)
                await EndAsync(pool, open.FirstOrDefault(one => one.SlurmId == id), id, job.Reason is null
                    ? job.State
                    : $"{job.State} ({job.Reason})", SlurmStates.Blame(job.State), stop);
            else
                await ledger.SeenAsync(id, job.Standing, job.Reason, job.Standing == AllocationState.Running
                    ? now - job.Start
                    : null, job.Standing == AllocationState.Running ? job.End - now : null, stop);
        }
    }

    /// <summary>What Slurm has not known for a while has ended, unless its workers send heartbeats. In case that it only hides the
    /// allocation, it is cancelled; and one in which no worker ever joined is a failure, so that allocations which cannot be seen do not
    /// multiply.</summary>
    private async Task ForgottenAsync(Pool pool, Allocation? allocation, string id, CancellationToken stop)
    {
        _missing.TryAdd(id, options.Clock.GetTimestamp());
        if (allocation is { Workers: > 0 } || options.Clock.GetElapsedTime(_missing[id]) < UnknownIsGone) return;
        try
        {
            await slurm.RemoveAsync([id], stop);
        }
        catch (SlurmException e) // As it should be: there is nothing to cancel.
        {
            logger.LogDebug("Allocation {SlurmId} of pool {Pool} is not in Slurm's queue and cannot be cancelled: {Message}", id, pool.Name,
                e.Message);
        }

        await EndAsync(pool, allocation, id, "Slurm has no record of it", allocation is { Joined: > 0 }
            ? FailureClass.Preempted
            : FailureClass.Infrastructure, stop);
    }

    private async Task EndAsync(Pool pool, Allocation? allocation, string id, string reason, FailureClass blame, CancellationToken stop)
    {
        _missing.Remove(id);
        await ledger.EndedAsync(id, reason, blame, stop);
        logger.LogInformation("Allocation {SlurmId} of pool {Pool} has ended: {Reason}", id, pool.Name, reason);
        if (allocation is null or { LeavingAt: not null }) return;
        // One in which no worker came to life would be followed by more of its kind.
        if (allocation.Joined > 0) await ledger.FailedAsync(pool.Name, null, stop);
        else if (blame == FailureClass.Infrastructure)
        {
            _refusals[pool.Name] =
                $"allocation {id} ended before a worker joined ({reason}); its output is in {Path.Combine(pool.Settings.Store, "logs")}";
            await ledger.FailedAsync(pool.Name, SlurmStates.BackOff(pool.Failures), stop);
        }
    }

    private async Task DecideAsync(Pool pool, string name, IReadOnlyList<Allocation> open, TimeSpan lead, CancellationToken stop)
    {
        var decision = Scaling.Decide(pool, open, await ledger.DemandAsync(Soon, stop),
            await ledger.IdleElsewhereAsync(pool.Name, JobQueues.Gpu, options.HeartbeatTimeout, stop), lead);
        if (pool.Failures == 0) _refusals.Remove(pool.Name);
        await SayAsync(pool, _refusals.TryGetValue(pool.Name, out var refusal)
            ? $"{decision.Reason}; the last failure: {refusal}"
            : decision.Reason, stop);
        // Those that are to leave are asked again: a worker may have joined since.
        var leaving = decision.Drain.Union(open.Where(one => one.LeavingAt is not null).Select(one => one.SlurmId)).ToList();
        if (leaving.Count > 0) await ledger.DrainAsync(leaving, stop);
        try
        {
            if (decision.Remove.Count > 0)
            {
                await ledger.DrainAsync(decision.Remove, stop);
                await slurm.RemoveAsync(decision.Remove, stop);
            }

            if (decision.Submit > 0) await SubmitAsync(pool, name, decision.Submit, lead, stop);
        }
        catch (SlurmException e)
        {
            var pause = SlurmStates.BackOff(pool.Failures);
            await ledger.FailedAsync(pool.Name, pause, stop);
            _refusals[pool.Name] = e.Message;
            await SayAsync(pool, $"refused: {e.Message}; asks again in {pause.TotalSeconds:0} s", stop);
        }
    }

    private async Task SubmitAsync(Pool pool, string name, int count, TimeSpan lead, CancellationToken stop)
    {
        var script = WorkerScript.Place(pool.Settings.Store);
        if (_rehearsed.GetValueOrDefault(pool.Name) != pool.ChangedAt)
        {
            await slurm.RehearseAsync(name, pool.Settings, script, lead, stop);
            _rehearsed[pool.Name] = pool.ChangedAt;
        }

        foreach (var size in SlurmStates.Arrays(count, await slurm.MaxArraySizeAsync(stop)))
        {
            var ids = await slurm.SubmitAsync(name, pool.Settings, script, size, lead, stop);
            await ledger.AddAsync(pool.Name, ids, stop);
            logger.LogInformation("Pool {Pool} asked for {Count} allocations: {First} and on", pool.Name, size, ids[0]);
        }
    }

    private async Task SayAsync(Pool pool, string decision, CancellationToken stop)
    {
        if (pool.Decision != decision) logger.LogInformation("Pool {Pool}: {Decision}", pool.Name, decision);
        await ledger.DecidedAsync(pool.Name, decision, stop);
    }
}
