using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Graph;

/// <summary>Something that happened to one job, or to all of an experiment, and that the graph draws conclusions from.</summary>
/// <remarks>
/// <code>
/// waiting ─(last dependency done)→ ready ─Dispatched→ queued ─Claimed→ running ─Succeeded→ succeeded
///    │                              │ ↑──Undelivered────┘                │ ├─Drained→ ready
///    │                              │ ↑──(retries left)──────────────────┴─┼─Failed, Lost→ failed
///    └─(dependency failed)→ skipped └─Published→ reused                    └─Stopped→ cancelled
/// CancelAsked, JobCancelAsked: waiting, ready, queued → cancelled; a running job is stopped by its worker and reports Stopped.
/// PauseAsked: queued → ready; the dispatcher leaves a paused experiment's jobs where they are.
/// Damaged: running → waiting for what it reads from, which is done and runs again: succeeded, reused → ready or waiting; any other job
/// that was to read from that waits too. RetryAsked: failed, skipped, cancelled → ready, or waiting for what is to be done before it.
/// RerunAsked: succeeded, reused → ready or waiting, while nothing that reads from it is under way.
/// Succeeded, Published of a decision: waiting, skipped, cancelled → pruned where it does not admit them, or what they read from; pruned →
/// ready or waiting where it was rerun and does.
/// </code>
/// </remarks>
public abstract record GraphEvent
{
    private GraphEvent() { }

    public sealed record Dispatched(int Job) : GraphEvent;

    public sealed record Claimed(int Job) : GraphEvent;

    /// <summary>The transport lost or consumed the job without a claim.</summary>
    public sealed record Undelivered(int Job) : GraphEvent;

    public sealed record Succeeded(int Job) : GraphEvent
    {
        /// <summary>Of a decision: what it says of its branches.</summary>
        public IReadOnlyList<DecidedBranch> Decided { get; init; } = [];
    }

    /// <summary>The worker checkpointed and returned the job to the queue.</summary>
    public sealed record Drained(int Job) : GraphEvent;

    public sealed record Failed(int Job, FailureClass Class, string Message) : GraphEvent;

    /// <summary>The attempt found files that it reads damaged, or not there at all.</summary>
    /// <param name="Lacking">Of the jobs that it reads from, those whose results nothing stands for any more.</param>
    public sealed record Damaged(int Job, IReadOnlyList<int> Lacking, string Message) : GraphEvent;

    /// <summary>The lease ran out.</summary>
    public sealed record Lost(int Job, string Message) : GraphEvent;

    /// <summary>The worker obeyed a cancellation.</summary>
    public sealed record Stopped(int Job) : GraphEvent;

    /// <summary>Another experiment made the same result meanwhile.</summary>
    public sealed record Published(int Job, string By) : GraphEvent
    {
        /// <inheritdoc cref="Succeeded.Decided"/>
        public IReadOnlyList<DecidedBranch> Decided { get; init; } = [];
    }

    public sealed record CancelAsked : GraphEvent;

    public sealed record JobCancelAsked(int Job) : GraphEvent;

    public sealed record PauseAsked : GraphEvent;

    /// <summary>A user retries an abandoned job, and with it what was abandoned because of it.</summary>
    public sealed record RetryAsked(int Job) : GraphEvent;

    /// <summary>A user wants a job's results made once more, though they are there.</summary>
    public sealed record RerunAsked(int Job) : GraphEvent;
}
