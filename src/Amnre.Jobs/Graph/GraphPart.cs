namespace Amnre.Jobs.Graph;

/// <summary>Some jobs of a graph as a graph of their own, in plan order: what follows from the ends of a few jobs of many is decided on
/// these few.</summary>
/// <param name="Graph">With the edges between them.</param>
/// <param name="Places">Of each, its place in the whole plan; ascending.</param>
/// <param name="Of">The place in the part, by that in the whole plan.</param>
internal sealed record GraphPart(JobGraph Graph, IReadOnlyList<int> Places, Func<int, int> Of)
{
    /// <param name="whole">The graph.</param>
    /// <param name="jobs">Null for all.</param>
    public static GraphPart Cut(JobGraph whole, IReadOnlySet<int>? jobs)
    {
        if (jobs is null || jobs.Count == whole.Count) return new GraphPart(whole, [.. Enumerable.Range(0, whole.Count)], place => place);
        int[] places = [.. jobs.Order()];
        var part = places.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        return new GraphPart(
            new JobGraph(
                [.. places.Select(place => whole.Dependencies(place).Where(part.ContainsKey).Select(dependency => part[dependency])
                    .ToArray())],
                whole.Rules.Where(rule => part.ContainsKey(rule.Key.Job) && part.ContainsKey(rule.Key.Dependency))
                    .ToDictionary(rule => (part[rule.Key.Job], part[rule.Key.Dependency]), rule => rule.Value)),
            places, place => part[place]);
    }
}
