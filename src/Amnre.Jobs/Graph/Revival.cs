namespace Amnre.Jobs.Graph;

/// <summary>How final jobs come back when a user asks. Pure.</summary>
internal static class Revival
{
    /// <summary>The job, unless something it reads from is abandoned; then, in plan order, what was abandoned because of it and of nothing
    /// else.</summary>
    public static IReadOnlyList<JobChange> Retry(JobGraph graph, IReadOnlyList<JobStanding> standings, int job)
    {
        var states = standings.Select(standing => standing.State).ToArray();
        var before = states[job];
        if (!before.IsAbandoned || graph.Dependencies(job).Any(dependency => states[dependency].IsAbandoned))
        {
            return [];
        }

        var changes = new List<JobChange> { Revive(graph, states, job, "retried on request") };
        foreach (var dependent in graph.Downstream(job))
        {
            // A cancellation reaches dependents as such; a failure skips them. What was cancelled for itself stays so.
            var because = states[dependent] == JobState.Skipped
                || (before == JobState.Cancelled && states[dependent] == JobState.Cancelled);
            if (because && !graph.Dependencies(dependent).Any(dependency => states[dependency].IsAbandoned))
            {
                changes.Add(Revive(graph, states, dependent, "what it reads from is retried"));
            }
        }

        return changes;
    }

    /// <summary>The job, if its results are there or were not needed, and nothing under way reads from it.</summary>
    public static IReadOnlyList<JobChange> Rerun(JobGraph graph, IReadOnlyList<JobStanding> standings, int job)
    {
        var states = standings.Select(standing => standing.State).ToArray();
        var may = states[job].IsDone && graph.Dependents(job).All(dependent => states[dependent].IsFinal)
            && !graph.Dependencies(job).Any(dependency => states[dependency].IsAbandoned);
        return may ? [Revive(graph, states, job, "rerun on request") with { Anew = true }] : [];
    }

    private static JobChange Revive(JobGraph graph, JobState[] states, int job, string reason)
    {
        var from = states[job];
        var unmet = graph.Unmet(job, dependency => states[dependency]);
        states[job] = unmet == 0 ? JobState.Ready : JobState.Waiting;
        return new JobChange(job, from, new JobStanding(states[job], unmet), TimeSpan.Zero, reason) { FreshBudget = true };
    }
}
