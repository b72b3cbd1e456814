using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Graph;

/// <summary>Which jobs published decisions prune. Pure.</summary>
internal static class PrunedJobs
{
    /// <param name="graph">The whole graph.</param>
    /// <param name="decided">What a job has decided by its place; null where it is not known yet.</param>
    /// <returns>By place, the reason.</returns>
    public static IReadOnlyDictionary<int, string> Of(JobGraph graph, Func<int, IReadOnlyList<DecidedBranch>?> decided)
    {
        var pruned = new Dictionary<int, string>();
        if (!graph.Rules.Any()) return pruned;
        for (var job = 0; job < graph.Count; job++)
        {
            foreach (var dependency in graph.Dependencies(job))
            {
                if (ReasonOf(graph.Rule(job, dependency), decided(dependency), pruned.GetValueOrDefault(dependency)) is not { } reason)
                    continue;
                pruned.Add(job, reason);
                break;
            }
        }

        return pruned;
    }

    /// <summary>Why a job is pruned because of one that it reads from; null where it is not.</summary>
    /// <param name="rule">What it asks of it.</param>
    /// <param name="decided">What that has decided; null where that is not known.</param>
    /// <param name="pruned">Why that is pruned itself; null where it is not.</param>
    public static string? ReasonOf(EdgeRule rule, IReadOnlyList<DecidedBranch>? decided, string? pruned)
    {
        if (pruned is not null) return rule.Optional ? null : pruned;
        if (rule.Branch is null || decided is null) return null;
        var branch = decided.FirstOrDefault(one => one.Branch == rule.Branch);
        return branch is { Admitted: true } ? null : branch?.Reason ?? $"the decision does not speak of '{rule.Branch}'";
    }
}
