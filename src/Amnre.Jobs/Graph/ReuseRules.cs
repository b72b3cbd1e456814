using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Graph;

/// <summary>What a submission finds of one job's results.</summary>
/// <param name="Wanted">Someone looks at its results: they have a friendly path, or nothing reads from them.</param>
/// <param name="Lacking">Null when its results are published and were found whole; otherwise what is wrong.</param>
/// <param name="Compared">They were read and their digests compared; otherwise their files are there with the sizes that they had.</param>
internal sealed record ReuseCandidate(bool Wanted, string? Lacking, bool Compared = false);

/// <summary>Whether a job of a submission runs, and why.</summary>
internal sealed record ReuseDecision(bool Runs, string Reason)
{
    /// <summary>A published decision does not admit it.</summary>
    public bool Pruned { get; init; }
}

/// <summary>Decides what a submission needs to run: the least set that (1) holds every wanted job without good results,
/// (2) holds, with a job, each of its dependencies without good results, (3) holds, with a job, everything that reads from it
/// and depends on what it reads.</summary>
internal static class ReuseRules
{
    /// <summary>Why a job need not run.</summary>
    /// <param name="compared">The digests of its files were compared.</param>
    public static string Published(bool compared) =>
        compared ? "its results are published, and their digests were compared"
        : "its results are published: its files are there, with their sizes";

    /// <param name="graph">The whole graph.</param>
    /// <param name="jobs">In plan order.</param>
    /// <param name="names">Of the jobs.</param>
    /// <param name="decided">What the published result of a job says of its branches, by place; null where none is published.</param>
    public static IReadOnlyList<ReuseDecision> Decide(
        JobGraph graph, IReadOnlyList<ReuseCandidate> jobs, IReadOnlyList<string> names,
        Func<int, IReadOnlyList<DecidedBranch>?> decided)
    {
        // A decision that runs is not known yet, and so are those behind it; each pass finds more that run, so it ends.
        var running = new HashSet<int>();
        while (true)
        {
            var pruned = PrunedJobs.Of(graph, place => running.Contains(place) || jobs[place].Lacking is not null ? null : decided(place));
            var found = Decide(graph, [.. jobs.Select((job, place) => pruned.ContainsKey(place) ? new ReuseCandidate(false, null) : job)],
                names, pruned);
            var more = Enumerable.Range(0, graph.Count).Where(place => found[place].Runs && graph.Decides(place) && running.Add(place));
            if (more.ToList().Count == 0) return found;
        }
    }

    private static IReadOnlyList<ReuseDecision> Decide(
        JobGraph graph, IReadOnlyList<ReuseCandidate> jobs, IReadOnlyList<string> names, IReadOnlyDictionary<int, string> pruned)
    {
        var reasons = new string?[graph.Count];
        var pending = new Queue<int>();
        for (var job = 0; job < graph.Count; job++)
        {
            if (jobs[job] is { Wanted: true, Lacking: { } lacking })
            {
                Include(job, lacking);
            }
        }

        while (pending.TryDequeue(out var job))
        {
            foreach (var dependency in graph.Dependencies(job))
            {
                if (jobs[dependency].Lacking is { } lacking)
                {
                    Include(dependency, lacking);
                }
            }

            foreach (var dependent in graph.Dependents(job))
            {
                if (jobs[dependent].Lacking is null && graph.Rule(dependent, job).Aside) continue;
                Include(dependent, jobs[dependent].Lacking ?? $"reads from {names[job]}, which runs");
            }
        }

        return [.. reasons.Select((reason, job) => pruned.TryGetValue(job, out var why)
            ? new ReuseDecision(false, why) { Pruned = true }
            : reason is null
            ? new ReuseDecision(false, jobs[job].Lacking is null ? Published(jobs[job].Compared) : "everything made from it is there")
            : new ReuseDecision(true, reason))];

        void Include(int job, string reason)
        {
            if (reasons[job] is null && !pruned.ContainsKey(job))
            {
                reasons[job] = reason;
                pending.Enqueue(job);
            }
        }
    }
}
