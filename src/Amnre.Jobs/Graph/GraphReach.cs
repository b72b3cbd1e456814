namespace Amnre.Jobs.Graph;

/// <summary>How far events reach. Pure.</summary>
internal static class GraphReach
{
    /// <param name="graph">The whole graph.</param>
    /// <param name="happened">To some of its jobs.</param>
    /// <returns>The jobs that <see cref="GraphRules"/> looks at or changes; null for all.</returns>
    public static IReadOnlySet<int>? Of(JobGraph graph, IEnumerable<GraphEvent> happened)
    {
        var reached = new HashSet<int>();
        foreach (var one in happened)
        {
            if (Of(graph, one) is not { } jobs) return null;
            reached.UnionWith(jobs);
        }

        return reached;
    }

    private static IEnumerable<int>? Of(JobGraph graph, GraphEvent happened) => happened switch
    {
        GraphEvent.Dispatched e => [e.Job],
        GraphEvent.Claimed e => [e.Job],
        GraphEvent.Undelivered e => [e.Job],
        GraphEvent.Succeeded e => Done(graph, e.Job),
        GraphEvent.Published e => Done(graph, e.Job),
        // They may abandon whatever reads from the job; and a job that comes back looks at what it reads from, which may be made again
        // meanwhile.
        GraphEvent.Drained e => Around(graph, e.Job),
        GraphEvent.Failed e => Around(graph, e.Job),
        GraphEvent.Lost e => Around(graph, e.Job),
        GraphEvent.Damaged e => e.Lacking.Append(e.Job).SelectMany(job => Around(graph, job)),
        GraphEvent.Stopped e => [e.Job, .. graph.Downstream(e.Job)],
        GraphEvent.JobCancelAsked e => [e.Job, .. graph.Downstream(e.Job)],
        GraphEvent.CancelAsked or GraphEvent.PauseAsked or GraphEvent.RetryAsked or GraphEvent.RerunAsked => null,
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, null),
    };

    /// <summary>A decision reaches all that is behind it, and counts anew what that waits for.</summary>
    private static IEnumerable<int> Done(JobGraph graph, int job) => graph.Decides(job)
        ? [job, .. graph.Downstream(job).SelectMany(reader => graph.Dependencies(reader).Append(reader))]
        : [job, .. graph.Dependents(job)];

    private static IEnumerable<int> Around(JobGraph graph, int job) => [.. graph.Dependencies(job), job, .. graph.Downstream(job)];
}
