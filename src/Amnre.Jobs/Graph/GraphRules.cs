using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Graph;

/// <summary>What the graph knows of one job.</summary>
/// <param name="Unmet">Dependencies that are not done; 0 from <see cref="JobState.Ready"/> on.</param>
internal sealed record JobStanding(JobState State, int Unmet, FailureTally Failures)
{
    public JobStanding(JobState state, int unmet) : this(state, unmet, FailureTally.None) { }
}

/// <summary>One consequence of an event.</summary>
/// <param name="From">The state it must still be in for the change to hold.</param>
/// <param name="Delay">How long a job that became ready waits before it is dispatched.</param>
/// <param name="Reason">For people: why.</param>
internal sealed record JobChange(int Job, JobState From, JobStanding To, TimeSpan Delay, string? Reason)
{
    /// <summary>Earlier failures no longer count.</summary>
    public bool FreshBudget { get; init; }

    /// <summary>Nothing published may stand in for it.</summary>
    public bool Anew { get; init; }
}

/// <summary>The whole conduct of the graph as a pure function: (graph, standings, event) → changes.</summary>
internal static class GraphRules
{
    /// <param name="policy">Required of an attempt's end; null for other events.</param>
    /// <returns>Changes to apply together; empty when the event no longer applies (a late or repeated report).</returns>
    public static IReadOnlyList<JobChange> Decide(
        JobGraph graph, IReadOnlyList<JobStanding> standings, IReadOnlyList<string> names, GraphEvent happened, RetryPolicy? policy)
    {
        return happened switch
        {
            GraphEvent.Dispatched e => Move(e.Job, Passage.Dispatched),
            GraphEvent.Claimed e => Move(e.Job, Passage.Claimed),
            GraphEvent.Undelivered e => Move(e.Job, Passage.Undelivered, "the transport lost it; handed out again"),
            GraphEvent.Drained e => standings[e.Job].State == JobState.Running
                ? Repair.Return(graph, standings, names, e.Job, standings[e.Job].Failures, TimeSpan.Zero,
                    "returned to the queue with its work saved")
                : [],
            GraphEvent.Stopped e => standings[e.Job].State == JobState.Running ? [.. Abandon(e.Job, JobState.Cancelled, "cancelled")] : [],
            GraphEvent.Succeeded e => standings[e.Job].State == JobState.Running
                ? [.. Complete(e.Job, JobState.Succeeded, null, e.Decided)] : [],
            GraphEvent.Published e => standings[e.Job].State == JobState.Ready
                ? [.. Complete(e.Job, JobState.Reused, e.By, e.Decided)] : [],
            GraphEvent.Failed e => standings[e.Job].State == JobState.Running ? Fail(e.Job, e.Class, e.Message, died: false) : [],
            GraphEvent.Lost e => standings[e.Job].State == JobState.Running
                ? Fail(e.Job, FailureClass.Infrastructure, e.Message, died: true) : [],
            GraphEvent.Damaged e => standings[e.Job].State == JobState.Running ? Repair.Decide(graph, standings, names, e, Policy()) : [],
            GraphEvent.CancelAsked => [.. Enumerable.Range(0, graph.Count)
                .Where(job => standings[job].State is JobState.Waiting or JobState.Ready or JobState.Queued)
                .Select(job => Change(job, JobState.Cancelled, "cancelled"))],
            GraphEvent.JobCancelAsked e => standings[e.Job].State is JobState.Waiting or JobState.Ready or JobState.Queued
                ? [.. Abandon(e.Job, JobState.Cancelled, "cancelled")] : [],
            GraphEvent.PauseAsked => [.. Enumerable.Range(0, graph.Count).Where(job => standings[job].State == JobState.Queued)
                .Select(job => Change(job, JobState.Ready, "paused before a worker took it"))],
            GraphEvent.RetryAsked e => Revival.Retry(graph, standings, e.Job),
            GraphEvent.RerunAsked e => Revival.Rerun(graph, standings, e.Job),
            _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, null),
        };

        RetryPolicy Policy() => policy ?? throw new ArgumentNullException(nameof(policy), $"{happened} is an attempt's end");

        JobChange Change(int job, JobState to, string? reason) =>
            new(job, standings[job].State, standings[job] with { State = to }, TimeSpan.Zero, reason);

        IReadOnlyList<JobChange> Move(int job, Passage passage, string? reason = null) =>
            standings[job].State == passage.From ? [Change(job, passage.To, reason)] : [];

        IEnumerable<JobChange> Complete(int job, JobState to, string? reason, IReadOnlyList<DecidedBranch> decided)
        {
            yield return Change(job, to, reason);
            if (graph.Decides(job))
            {
                foreach (var change in Admission.Decide(graph, standings, names, job, to, decided)) yield return change;
                yield break;
            }

            foreach (var dependent in graph.Dependents(job).Where(d => standings[d].State == JobState.Waiting))
            {
                var unmet = standings[dependent].Unmet - 1;
                yield return new JobChange(dependent, JobState.Waiting,
                    standings[dependent] with { State = unmet == 0 ? JobState.Ready : JobState.Waiting, Unmet = unmet }, TimeSpan.Zero,
                    null);
            }
        }

        IEnumerable<JobChange> Abandon(int job, JobState to, string? reason, FailureTally? failures = null)
        {
            var change = Change(job, to, reason);
            yield return failures is null ? change : change with { To = change.To with { Failures = failures } };
            var (skipped, why) = to == JobState.Cancelled
                ? (JobState.Cancelled, "cancelled") : (JobState.Skipped, $"{names[job]} failed");
            // Only through what is abandoned itself: beyond a job that is done, results are there whatever becomes of this one.
            var abandoned = new HashSet<int> { job };
            foreach (var dependent in graph.Downstream(job).Where(d => standings[d].State == JobState.Waiting))
            {
                if (graph.Dependencies(dependent).Any(abandoned.Contains))
                {
                    abandoned.Add(dependent);
                    yield return Change(dependent, skipped, why);
                }
            }
        }

        IReadOnlyList<JobChange> Fail(int job, FailureClass failure, string message, bool died)
        {
            var before = standings[job].Failures;
            var tally = before.With(failure) with { Deaths = before.Deaths + (died ? 1 : 0) };
            if (tally.Deaths >= Policy().PoisonAfter)
            {
                return [.. Abandon(job, JobState.Failed,
                    $"set aside: {tally.Deaths} attempts took their worker with them; the last: {message}", tally)];
            }

            if (tally.Of(failure) > Policy().Retries(failure))
            {
                return [.. Abandon(job, JobState.Failed, message, tally)];
            }

            return Repair.Return(graph, standings, names, job, tally, Policy().Delay(before.Of(failure)), $"retried after: {message}");
        }
    }
}
