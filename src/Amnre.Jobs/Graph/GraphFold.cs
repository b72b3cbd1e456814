namespace Amnre.Jobs.Graph;

/// <summary>What several events make of a graph.</summary>
/// <param name="Changes">One per job that moved, from the state it had before the first event.</param>
/// <param name="State">Where the experiment stands after them.</param>
internal sealed record FoldedGraph(IReadOnlyList<JobChange> Changes, ExperimentState State);

/// <summary>Events one after the other, each decided on what the earlier ones left. Pure.</summary>
internal static class GraphFold
{
    /// <param name="policy">Null where no attempt ended.</param>
    /// <param name="elsewhere">States of the experiment's jobs outside <paramref name="graph"/>, where that is a part of its graph.</param>
    public static FoldedGraph Fold(
        JobGraph graph, IReadOnlyList<JobStanding> before, IReadOnlyList<string> names, IEnumerable<GraphEvent> happened,
        RetryPolicy? policy,
        IEnumerable<JobState>? elsewhere = null)
    {
        var standings = before.ToArray();
        var changes = new Dictionary<int, JobChange>();
        foreach (var one in happened)
        {
            foreach (var change in GraphRules.Decide(graph, standings, names, one, policy))
            {
                standings[change.Job] = change.To;
                changes[change.Job] = changes.TryGetValue(change.Job, out var earlier)
                    ? change with
                    {
                        From = earlier.From,
                        FreshBudget = change.FreshBudget || earlier.FreshBudget,
                        Anew = change.Anew || earlier.Anew,
                    }
                    : change;
            }
        }

        return new FoldedGraph([.. changes.Values.OrderBy(change => change.Job)],
            ExperimentStates.Of([.. elsewhere ?? [], .. standings.Select(standing => standing.State)]));
    }
}
