namespace Amnre.Jobs.Graph;

/// <summary>Something that happened to one job, or to all of an experiment, and that the graph draws conclusions from.</summary>
/// <remarks>
/// <code>
/// waiting ─(last dependency done)→ ready ─Dispatched→ queued ─Claimed→ running ─Succeeded→ succeeded
///    │                              │ ↑──Undelivered────┘                │ ├─Drained→ ready
///    │                              │ ↑──(retries left)──────────────────┴─┼─Failed, Lost→ failed
///    └─(dependency failed)→ skipped └─Published→ reused                    └─Stopped→ cancelled
/// CancelAsked: waiting, ready, queued → cancelled; a running job is stopped by its worker and reports Stopped.
/// </code>
/// </remarks>
public abstract record GraphEvent
{
    private GraphEvent() { }

    public sealed record Dispatched(int Job) : GraphEvent;

    public sealed record Claimed(int Job) : GraphEvent;

    /// <summary>The transport lost or consumed the job without a claim.</summary>
    public sealed record Undelivered(int Job) : GraphEvent;

    public sealed record Succeeded(int Job) : GraphEvent;

    /// <summary>The worker checkpointed and handed the work back.</summary>
    public sealed record Drained(int Job) : GraphEvent;

    public sealed record Failed(int Job, FailureClass Class, string Message) : GraphEvent;

    /// <summary>The lease ran out.</summary>
    public sealed record Lost(int Job, string Message) : GraphEvent;

    /// <summary>The worker obeyed a cancellation.</summary>
    public sealed record Stopped(int Job) : GraphEvent;

    /// <summary>Another experiment made the same result meanwhile.</summary>
    public sealed record Published(int Job, string By) : GraphEvent;

    public sealed record CancelAsked : GraphEvent;
}
