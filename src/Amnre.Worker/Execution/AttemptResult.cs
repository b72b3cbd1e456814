using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Graph;

namespace Amnre.Worker.Execution;

/// <summary>How an attempt came out on the worker's side.</summary>
internal abstract record AttemptResult
{
    private AttemptResult() { }

    public sealed record Completed(IReadOnlyList<ArtifactRecord> Files) : AttemptResult;

    public sealed record Drained : AttemptResult;

    public sealed record Failed(FailureClass Class, string Message) : AttemptResult;

    public sealed record Cancelled : AttemptResult;

    /// <summary>The lease ran out or was given away: the work is worthless, unless the ledger still waits for it.</summary>
    public sealed record LeaseLost : AttemptResult;
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
