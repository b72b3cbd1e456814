namespace Amnre.Jobs.Allocations;

/// <summary>A pool as the ledger has it. Times are UTC, on the database's clock.</summary>
/// <param name="Up">Whether it may have allocations.</param>
/// <param name="Decision">What the scheduler decided last, and why.</param>
/// <param name="Failures">Submissions and allocations that failed, in a row.</param>
/// <param name="NotBefore">No new allocation before then.</param>
/// <param name="Barren">Allocations in a row that ended before a worker joined, since the pool was put up; without those that were taken
/// back.</param>
/// <param name="Now">The database's clock.</param>
public sealed record Pool(
    string Name, PoolSettings Settings, bool Up, DateTime ChangedAt, string? Decision, DateTime? DecidedAt, int Failures,
    DateTime? NotBefore, int Barren, DateTime Now);

public enum AllocationState
{
    Pending,
    Running,
    Ended,
}

/// <summary>An allocation that a pool asked for.</summary>
public sealed record Allocation
{
    /// <summary>As <c>squeue</c> names it: <c>17</c> or <c>17_3</c>.</summary>
    public string SlurmId { get; init; } = "";

    public string Pool { get; init; } = "";

    public AllocationState State { get; init; }

    /// <summary>The batch system's word for why it waits, or how it ended.</summary>
    public string? Reason { get; init; }

    public DateTime SubmittedAt { get; init; }

    public DateTime? StartedAt { get; init; }

    public DateTime? EndsAt { get; init; }

    /// <summary>Since when it is to go.</summary>
    public DateTime? LeavingAt { get; init; }

    public DateTime? EndedAt { get; init; }

    /// <summary>Workers in it that are busy or wait for work.</summary>
    public int Workers { get; init; }

    /// <summary>Workers in it ever.</summary>
    public int Joined { get; init; }

    /// <summary>Workers in it that run a job.</summary>
    public int Busy { get; init; }

    /// <summary>Since when none of its workers has had a job; its start when none ever had.</summary>
    public DateTime? IdleSince { get; init; }
}

/// <summary>Jobs of one shape that could begin now.</summary>
/// <param name="MemoryBytes">0 when they do not say.</param>
/// <param name="Time">Longest run time; null when they do not say.</param>
/// <param name="Resumes">Drained at the end of an allocation, they resume in the next.</param>
public sealed record JobDemand(int Cpus, int Gpus, long MemoryBytes, TimeSpan? Time, bool Resumes, int Count);

/// <summary>Workers outside a pool that wait for jobs.</summary>
/// <param name="Gpu">Those that serve jobs with GPUs.</param>
/// <param name="Cpu">The others.</param>
public sealed record IdleWorkers(int Gpu, int Cpu);
