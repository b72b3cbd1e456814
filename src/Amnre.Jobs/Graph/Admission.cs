using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Graph;

/// <summary>What follows from a decision for the jobs behind it: those whose branch it does not admit are pruned, and with them what reads
/// from them. Pure, and the same when it is applied again.</summary>
internal static class Admission
{
    /// <param name="graph">With the decision, all that is behind it, and what that reads from.</param>
    /// <param name="standings">Before.</param>
    /// <param name="names">Of the jobs.</param>
    /// <param name="decision">The job; it is done now.</param>
    /// <param name="to">Its state from now on.</param>
    /// <param name="decided">What it says of its branches. A branch that it does not name is not admitted.</param>
    /// <returns>Changes of the jobs behind it, in plan order. A job that has run, or runs, stays as it is.</returns>
    public static IEnumerable<JobChange> Decide(
        JobGraph graph, IReadOnlyList<JobStanding> standings, IReadOnlyList<string> names, int decision, JobState to,
        IReadOnlyList<DecidedBranch> decided)
    {
        var branches = decided.ToDictionary(one => one.Branch, StringComparer.Ordinal);
        JobState[] now = [.. standings.Select(standing => standing.State)];
        now[decision] = to;
        var why = new Dictionary<int, string>();
        foreach (var job in graph.Downstream(decision))
        {
            var before = standings[job];
            if (before.State is not (JobState.Waiting or JobState.Pruned or JobState.Skipped or JobState.Cancelled)) continue;
            if (Refusal(job) is { } refusal)
            {
                why[job] = refusal;
                now[job] = JobState.Pruned;
                if (before.State != JobState.Pruned)
                    yield return new JobChange(job, before.State, before with { State = JobState.Pruned }, TimeSpan.Zero, refusal);
                continue;
            }

            // What was given up for another reason stays given up until somebody retries it.
            if (before.State is JobState.Skipped or JobState.Cancelled) continue;
            if (before.State == JobState.Pruned && IsDecidedElsewhere(job)) continue;
            var unmet = graph.Unmet(job, dependency => now[dependency]);
            now[job] = unmet == 0 ? JobState.Ready : JobState.Waiting;
            if (now[job] == before.State && unmet == before.Unmet) continue;
            yield return new JobChange(job, before.State, before with { State = now[job], Unmet = unmet }, TimeSpan.Zero,
                before.State == JobState.Pruned ? $"admitted by {names[decision]}, which was rerun" : null);
        }

        // What another decision pruned, only that one admits.
        bool IsDecidedElsewhere(int job) =>
            graph.Dependencies(job).Any(dependency => dependency != decision && graph.Rule(job, dependency).Branch is not null);

        string? Refusal(int job)
        {
            foreach (var dependency in graph.Dependencies(job))
            {
                var rule = graph.Rule(job, dependency);
                if (dependency == decision && rule.Branch is { } branch && branches.GetValueOrDefault(branch) is not { Admitted: true })
                    return branches.GetValueOrDefault(branch)?.Reason ?? $"{names[decision]} does not speak of '{branch}'";
                if (now[dependency] == JobState.Pruned && !rule.Optional)
                    return why.GetValueOrDefault(dependency) ?? $"{names[dependency]} was pruned";
            }

            return null;
        }
    }
}
