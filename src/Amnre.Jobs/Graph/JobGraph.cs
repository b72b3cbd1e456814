namespace Amnre.Jobs.Graph;

/// <summary>Who reads from whom in one experiment, by place in the plan. Immutable and acyclic: a job reads only from earlier
/// places.</summary>
internal sealed class JobGraph
{
    private readonly int[][] _dependencies;
    private readonly int[][] _dependents;

    /// <param name="dependencies">For each job the distinct jobs it reads from.</param>
    /// <exception cref="ArgumentException">A job reads from itself or from a later one.</exception>
    public JobGraph(IReadOnlyList<IReadOnlyList<int>> dependencies)
    {
        _dependencies = [.. dependencies.Select(of => of.Distinct().Order().ToArray())];
        var dependents = _dependencies.Select(_ => new List<int>()).ToArray();
        for (var job = 0; job < _dependencies.Length; job++)
        {
            foreach (var dependency in _dependencies[job])
            {
                if (dependency < 0 || dependency >= job)
                {
                    throw new ArgumentException($"job {job} reads from {dependency}, which is not before it", nameof(dependencies));
                }

                dependents[dependency].Add(job);
            }
        }

        _dependents = [.. dependents.Select(of => of.ToArray())];
    }

    public int Count => _dependencies.Length;

    public IReadOnlyList<int> Dependencies(int job) => _dependencies[job];

    public IReadOnlyList<int> Dependents(int job) => _dependents[job];

    /// <summary>Everything that reads from <paramref name="job"/>, directly or through others, in plan order.</summary>
    public IEnumerable<int> Downstream(int job)
    {
        var found = new SortedSet<int>(_dependents[job]);
        while (found.Count > 0)
        {
            var next = found.Min;
            found.Remove(next);
            found.UnionWith(_dependents[next]);
            yield return next;
        }
    }
}
