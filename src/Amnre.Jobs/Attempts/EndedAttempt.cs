using Amnre.Jobs.Graph;
using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Attempts;

/// <summary>An attempt's end, as the graph is told of it.</summary>
internal record EndedAttempt
{
    public long Token { get; init; }

    public long JobId { get; init; }

    public AttemptOutcome Outcome { get; init; }

    public FailureClass? FailureClass { get; init; }

    public string? Message { get; init; }

    /// <summary>It was ended for its worker's heartbeat timeout, but the worker has sent one since: no death.</summary>
    public bool WorkerSurvived { get; init; }

    /// <summary>Of the jobs that its job reads from, those whose results nothing stands for; of interest after
    /// <see cref="AttemptOutcome.Damaged"/> only.</summary>
    public long[] Lacking { get; init; } = [];

    /// <summary>What it says of its branches, where it made a decision.</summary>
    public IReadOnlyList<DecidedBranch> Decided { get; init; } = [];

    /// <param name="place">Of a job in its plan, by its id.</param>
    public GraphEvent Event(Func<long, int> place) => Event(place(JobId), place);

    private GraphEvent Event(int job, Func<long, int> place) => Outcome switch
    {
        AttemptOutcome.Damaged => new GraphEvent.Damaged(job, [.. Lacking.Select(place)], Message ?? "damaged"),
        AttemptOutcome.Succeeded => new GraphEvent.Succeeded(job) { Decided = Decided },
        AttemptOutcome.Drained => new GraphEvent.Drained(job),
        AttemptOutcome.Cancelled => new GraphEvent.Stopped(job),
        // What the batch system took away says nothing of the job; only a worker that dies for no known reason may be the job's doing.
        AttemptOutcome.Lost when FailureClass is { } known and not Graph.FailureClass.Infrastructure =>
            new GraphEvent.Failed(job, known, Message ?? "lost"),
        AttemptOutcome.Lost when WorkerSurvived => new GraphEvent.Failed(job, Graph.FailureClass.Infrastructure, Message ?? "lost"),
        AttemptOutcome.Lost => new GraphEvent.Lost(job, Message ?? "lost"),
        AttemptOutcome.Failed => new GraphEvent.Failed(job, FailureClass ?? Graph.FailureClass.User, Message ?? "failed"),
        _ => throw new InvalidOperationException($"unknown outcome {Outcome}"),
    };
}
