using Amnre.Jobs.Allocations;
using Amnre.Jobs.Views;
using Amnre.Jobs.Workers;
using Amnre.Scheduler.Markup;

namespace Amnre.Scheduler.Pages;

/// <summary>Workers and what they work on, allocations of batch systems, and schedulers.</summary>
/// <param name="Now">UTC.</param>
public sealed record WorkersModel(
    IReadOnlyList<WorkerSnapshot> Workers, IReadOnlyList<Pool> Pools, IReadOnlyList<Allocation> Allocations,
    IReadOnlyList<SchedulerEntry> Schedulers, DateTime Now)
{
    /// <summary>Rows of a table.</summary>
    public const int Max = 1000;

    public int Silent => Workers.Count(one => one.IsSilent);

    public static string State(WorkerSnapshot one) =>
        one.IsSilent ? "silent" : one.Draining ? "draining" : one.Job is null ? "idle" : "running";

    /// <summary>The worker's Slurm job and its end.</summary>
    public string Slurm(WorkerSnapshot one) =>
        $"Slurm {one.SlurmId}{(one.EndsAt is { } end && end > Now ? $", ends in {Wording.Duration(end - Now)}" : "")}";

    /// <summary>What was decided for a pool, and when.</summary>
    public string Decision(Pool pool) =>
        $"{pool.Decision}{(pool.DecidedAt is { } at ? $" ({Wording.Duration(Now - at)} ago)" : "")}";

    public static string Reason(Allocation one) =>
        $"{one.Reason}{(one.LeavingAt is not null && one.EndedAt is null ? ", leaving" : "")}";

    public string Ends(Allocation one) => one switch
    {
        { EndedAt: { } ended } => $"ended {Wording.Duration(Now - ended)} ago",
        { EndsAt: { } end } => $"in {Wording.Duration(end - Now)}",
        _ => "",
    };
}
