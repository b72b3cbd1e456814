namespace Amnre.Jobs.Graph;

/// <summary>Who reads from whom in one experiment, by place in the plan. Immutable and acyclic: a job reads only from earlier
/// places.</summary>
internal sealed class JobGraph
{
    private readonly int[][] _dependencies;
    private readonly int[][] _dependents;
    private readonly IReadOnlyDictionary<(int Job, int Dependency), EdgeRule> _rules;
    private static readonly EdgeRule Plain = new(null, false);

    /// <param name="dependencies">For each job the distinct jobs it reads from.</param>
    /// <param name="rules">Of those pairs that have some; null for none.</param>
    /// <exception cref="ArgumentException">A job reads from itself or from a later one.</exception>
    public JobGraph(
        IReadOnlyList<IReadOnlyList<int>> dependencies, IReadOnlyDictionary<(int Job, int Dependency), EdgeRule>? rules = null)
    {
        _rules = rules ?? new Dictionary<(int, int), EdgeRule>();
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

    /// <summary>What a job asks of one that it reads from.</summary>
    public EdgeRule Rule(int job, int dependency) => _rules.GetValueOrDefault((job, dependency), Plain);

    /// <summary>Those that are not <see cref="Plain"/>.</summary>
    public IEnumerable<KeyValuePair<(int Job, int Dependency), EdgeRule>> Rules => _rules;

    /// <summary>Whether some job runs only where this one admits its branch.</summary>
    public bool Decides(int job) => _rules.Count > 0 && _dependents[job].Any(reader => Rule(reader, job).Branch is not null);

    /// <summary>How many of the jobs that a job reads from it has to wait for.</summary>
    /// <param name="job">The reader.</param>
    /// <param name="state">Of each that it reads from.</param>
    public int Unmet(int job, Func<int, JobState> state) => _dependencies[job].Count(dependency =>
        !state(dependency).IsDone && !(state(dependency) == JobState.Pruned && Rule(job, dependency).Optional));

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
