using System.Globalization;
using Amnre.Jobs.Allocations;
using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Specs;

namespace Amnre.Scheduler.Cluster;

/// <summary>What is to be done about a pool.</summary>
/// <param name="Submit">Allocations to ask for.</param>
/// <param name="Remove">Allocations to end: nothing is lost with them.</param>
/// <param name="Drain">Allocations whose workers are to drain.</param>
/// <param name="Reason">For people.</param>
internal sealed record ScalingDecision(int Submit, IReadOnlyList<string> Remove, IReadOnlyList<string> Drain, string Reason);

/// <summary>How many allocations a pool should have. Pure.</summary>
internal static class Scaling
{
    /// <summary>A worker that has not joined so long after its allocation began never will.</summary>
    public static readonly TimeSpan JoiningTakes = TimeSpan.FromMinutes(5);

    /// <summary>An allocation that continues so long after it was asked to leave is ended.</summary>
    public static readonly TimeSpan LeavingTakes = TimeSpan.FromMinutes(5);

    /// <summary>So many allocations in a row without a worker, and twice as many as the pool may have at once, are no accident.</summary>
    private const int MaxBarren = 8;

    /// <param name="pool">What it may have.</param>
    /// <param name="open">Its allocations that have not ended.</param>
    /// <param name="demand">Jobs that could begin.</param>
    /// <param name="elsewhere">Workers outside the pool that wait for them too.</param>
    /// <param name="lead">How long before its end an allocation takes no more work.</param>
    public static ScalingDecision Decide(
        Pool pool, IReadOnlyList<Allocation> open, IReadOnlyList<JobDemand> demand, IdleWorkers elsewhere, TimeSpan lead)
    {
        var (settings, now) = (pool.Settings, pool.Now);
        var overdue = open.Where(one => one.LeavingAt < now - LeavingTakes
            || (one is { State: AllocationState.Running, Joined: 0 } && one.StartedAt < now - JoiningTakes))
            .Select(one => one.SlurmId).ToList();
        if (!pool.Up)
        {
            var useless = open.Where(one => one.State == AllocationState.Pending || one.Workers == 0).Select(one => one.SlurmId);
            var working = open.Where(one => one is { State: AllocationState.Running, Workers: > 0, LeavingAt: null })
                .Select(one => one.SlurmId).ToList();
            return new ScalingDecision(0, [.. useless.Union(overdue)], working, open.Count == 0
                ? "the pool is down"
                : $"the pool is down: {Count(open.Count, "allocation")} to leave");
        }

        // What is about to end gives its jobs back, so they wait too.
        var staying = open.Where(one => one.LeavingAt is null && !(one.EndsAt - now < lead) && !overdue.Contains(one.SlurmId)).ToList();
        var handedBack = open.Where(one => one.LeavingAt is null && one.EndsAt - now < lead).Sum(one => one.Busy);
        var (waiting, unfit) = (Waiting(settings, demand, elsewhere, lead),
            demand.Where(job => !Fits(settings, job, lead)).Sum(job => job.Count));
        var wanted = Math.Clamp(Wanted(settings, staying, waiting, handedBack), settings.Min, settings.Max);
        var why = $"{Count(waiting.Gpu + waiting.Cpu + handedBack, "job")} to begin, {Count(staying.Sum(one => one.Busy), "worker")} " +
            $"busy: {wanted} of at most {settings.Max} wanted, {staying.Count} there"
            + (unfit > 0 ? $"; {Count(unfit, "job")} would not fit an allocation of this pool" : "");
        if (staying.Count < wanted)
        {
            var room = Math.Min(wanted - staying.Count, settings.Max - open.Count);
            if (pool.Barren >= Math.Max(MaxBarren, 2 * settings.Max))
                return new ScalingDecision(0, overdue, [],
                    $"paused: {Count(pool.Barren, "allocation")} in a row ended before a worker joined; look for the cause, then 'amnre " +
                        $"cluster up' again; {why}");
            if (room <= 0)
                return new ScalingDecision(0, overdue, [], $"waits for {Count(open.Count - staying.Count, "allocation")} to end; {why}");
            return pool.NotBefore > now
                ? new ScalingDecision(0, overdue, [],
                    string.Create(CultureInfo.InvariantCulture,
                        $"asks for nothing for another {(pool.NotBefore.Value - now).TotalSeconds:0} s, after " +
                        $"{Count(pool.Failures, "failure")} in a row; {why}"))
                : new ScalingDecision(room, overdue, [], $"asks for {room} more; {why}");
        }

        var surplus = staying.Count - wanted;
        var pending = staying.Where(one => one.State == AllocationState.Pending).OrderByDescending(one => one.SubmittedAt).Take(surplus)
            .Select(one => one.SlurmId).ToList();
        var idle = staying.Where(one => one is { State: AllocationState.Running, Busy: 0 } && one.IdleSince <= now - settings.Idle)
            .OrderBy(one => one.IdleSince)
            .Take(surplus - pending.Count).Select(one => one.SlurmId).ToList();
        return new ScalingDecision(0, [.. pending.Union(overdue)], idle,
            pending.Count + idle.Count > 0 ? $"lets {pending.Count + idle.Count} go; {why}" : surplus > 0
                ? $"keeps {surplus} idle for a while; {why}" : why);
    }

    /// <summary>Whether a worker of the pool could run it.</summary>
    internal static bool Fits(PoolSettings pool, JobDemand job, TimeSpan lead)
    {
        var needs = new JobNeeds(job.Gpus > 0 ? JobQueues.Gpu : JobQueues.Cpu, job.MemoryBytes, job.Resumes ? null : job.Time, null)
        {
            Cpus = job.Cpus,
            Gpus = job.Gpus,
        };
        return (pool.GpuSlots > 0 && needs.FitsOn(Worker(pool.GpusPerWorker))) || (pool.CpuSlots > 0 && needs.FitsOn(Worker(0)));

        WorkerOffer Worker(int gpus) => new(JobQueues.ServedBy(gpus), (long?)pool.Memory << 20, pool.Time - lead, [])
        {
            Cpus = pool.Cpus,
            Gpus = gpus,
        };
    }

    /// <summary>Jobs that wait for this pool: those that fit, less what idle workers elsewhere will take.</summary>
    private static (int Gpu, int Cpu) Waiting(PoolSettings pool, IReadOnlyList<JobDemand> demand, IdleWorkers elsewhere, TimeSpan lead)
    {
        var fit = demand.Where(job => Fits(pool, job, lead)).ToList();
        var gpu = fit.Where(job => job.Gpus > 0).Sum(job => job.Count);
        var cpu = fit.Where(job => job.Gpus == 0).Sum(job => job.Count);
        var spare = Math.Max(elsewhere.Gpu - gpu, 0);
        return (Math.Max(gpu - elsewhere.Gpu, 0), Math.Max(cpu - elsewhere.Cpu - spare, 0));
    }

    private static int Wanted(PoolSettings pool, IReadOnlyList<Allocation> staying, (int Gpu, int Cpu) waiting, int handedBack)
    {
        var busy = staying.Where(one => one.Busy > 0).ToList();
        if (pool.GpuSlots == 0 || pool.CpuSlots == 0)
        {
            // Workers of one kind: what the busy allocations have free takes some of it.
            var slots = pool.GpuSlots + pool.CpuSlots;
            var free = busy.Sum(one => Math.Max(Math.Max(one.Workers, slots) - one.Busy, 0));
            return busy.Count + Ceiling(Math.Max(waiting.Gpu + waiting.Cpu + handedBack - free, 0), slots);
        }

        return busy.Count + Math.Max(Ceiling(waiting.Gpu + handedBack, pool.GpuSlots), Ceiling(waiting.Cpu, pool.CpuSlots));
    }

    private static int Ceiling(int count, int size) => size == 0 ? 0 : (count + size - 1) / size;

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
