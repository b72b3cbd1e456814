using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;

namespace Amnre.Worker.Execution;

/// <summary>How an attempt came out on the worker's side.</summary>
internal abstract record AttemptResult
{
    private AttemptResult() { }

    public sealed record Completed(IReadOnlyList<ArtifactRecord> Files) : AttemptResult;

    public sealed record Drained : AttemptResult;

    public sealed record Failed(FailureClass Class, string Message) : AttemptResult;

    /// <summary>What it was to read is damaged or lost.</summary>
    /// <param name="Found">The publications that are; empty when they were withdrawn before.</param>
    public sealed record Damaged(IReadOnlyList<DamagedInput> Found, string Message) : AttemptResult;

    public sealed record Cancelled : AttemptResult;

    /// <summary>The lease ran out or was given away: the work is worthless, unless the ledger still waits for it.</summary>
    public sealed record LeaseLost : AttemptResult;

    /// <summary>What became of a run that was told to stop and did; null when it was not told to, so that the failure is its own.</summary>
    /// <param name="limit">The job's longest run time.</param>
    public static AttemptResult? Of(StopReason reason, TimeSpan? limit) => reason switch
    {
        StopReason.Cancelled => new Cancelled(),
        StopReason.LeaseLost => new LeaseLost(),
        StopReason.TimeLimit => new Failed(FailureClass.Resource, $"ran longer than its limit of {limit}"),
        StopReason.GraceOver => new Failed(FailureClass.Preempted, "did not drain in time"),
        _ => null,
    };
}

/// <summary>Why a run was told to stop.</summary>
internal enum StopReason
{
    None,
    Cancelled,
    LeaseLost,
    TimeLimit,
    GraceOver,
}
