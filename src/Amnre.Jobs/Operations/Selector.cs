using Amnre.Engine;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Npgsql;

namespace Amnre.Jobs.Operations;

/// <summary>One experiment that was selected.</summary>
/// <param name="Whole">It was named as such; otherwise only some of its jobs were.</param>
/// <param name="Jobs">The jobs that were selected, in plan order; all of them when whole.</param>
public sealed record SelectedExperiment(long Id, string Name, int Version, ExperimentState State, bool Whole,
    IReadOnlyList<SelectedJob> Jobs);

public sealed record SelectedJob(long Id, string Name, JobKind Kind, JobState State);

/// <summary>Finds what a <see cref="Selection"/> means in the ledger.</summary>
public sealed class Selector(NpgsqlDataSource database)
{
    private const int Shown = 5;

    /// <exception cref="InputException">It selects nothing, or jobs of several experiments without naming one.</exception>
    public async Task<IReadOnlyList<SelectedExperiment>> SelectAsync(string text, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var experiments = await connection.QueryAsync<ExperimentRow>(
            """
            select id, name, version, state, version = max(version) over (partition by name) as newest
            from amnre.experiments order by id
            """, null, cancel);
        var (named, meant) = Selection.Experiments(text,
            [.. experiments.Select(row => new SelectableExperiment(row.Id, row.Name, row.Version, row.Newest))]);
        var ids = meant.Select(one => one.Experiment.Id).ToArray();
        var jobs = (await connection.QueryAsync<JobRow>(
            "select experiment_id, id, name, kind, state from amnre.jobs where experiment_id = any(@ids) order by ordinal", new { ids }, cancel))
            .ToLookup(row => row.ExperimentId);
        var states = experiments.ToDictionary(row => row.Id, row => row.State);
        var found = meant.Select(one => Selected(one.Experiment, states[one.Experiment.Id], one.Jobs, [.. jobs[one.Experiment.Id]]))
            .Where(one => one.Whole || one.Jobs.Count > 0).ToList();
        return found.Count switch
        {
            0 => throw new InputException(NothingFound(text, named, meant, [.. experiments.Select(row => row.Name).Distinct()], jobs)),
            > 1 when !named => throw new InputException(
                $"'{text}' is the name of jobs of several experiments: say which, such as " +
                    $"{string.Join(" or ", found.Take(Shown).Select(one => $"'{one.Name}/{text}'"))}"),
            _ => found,
        };
    }

    /// <exception cref="InputException">It selects single jobs.</exception>
    /// <param name="text">What selected them.</param>
    /// <param name="found">What was selected.</param>
    public static IReadOnlyList<SelectedExperiment> Whole(string text, IReadOnlyList<SelectedExperiment> found) =>
        found.FirstOrDefault(one => !one.Whole) is { } part
        ? throw new InputException($"'{text}' selects jobs of '{part.Name}'; this is done to whole experiments: write '{part.Name}'")
        : found;

    private static SelectedExperiment Selected(SelectableExperiment experiment, ExperimentState state, string? pattern,
        IReadOnlyList<JobRow> jobs)
    {
        var names = pattern is null ? null : Selection.Jobs(pattern, [.. jobs.Select(job => job.Name)]);
        return new SelectedExperiment(experiment.Id, experiment.Name, experiment.Version, state, pattern is null,
            [.. jobs.Where(job => names?.Contains(job.Name) ?? true)
                .Select(job => new SelectedJob(job.Id, job.Name, job.Kind, job.State))]);
    }

    private static string NothingFound(
        string text, bool named, IReadOnlyList<(SelectableExperiment Experiment, string? Jobs)> meant, IReadOnlyList<string> experiments,
        ILookup<long, JobRow> jobs)
    {
        if (experiments.Count == 0) return $"there is no '{text}': no experiment was submitted here yet";
        if (named)
        {
            var (experiment, pattern) = meant[0];
            var near = NearestName.Of(pattern!, jobs[experiment.Id].Select(job => job.Name));
            return $"experiment '{experiment.Name}' has no job " +
                $"'{pattern}'{(near is null ? $"; see 'amnre status {experiment.Name} --jobs'" : $"; did you mean '{near}'?")}";
        }

        var nearest = NearestName.Of(text.Split('/')[0], experiments);
        return $"there is neither an experiment nor a job '{text}'" + (nearest is null
            ? $"; experiments here are {string.Join(", ", experiments.TakeLast(Shown))}{(experiments.Count > Shown ? " and others" : "")}"
            : $"; did you mean '{nearest}'?");
    }

    private sealed record ExperimentRow
    {
        public long Id { get; init; }

        public string Name { get; init; } = "";

        public int Version { get; init; }

        public ExperimentState State { get; init; }

        public bool Newest { get; init; }
    }

    private sealed record JobRow
    {
        public long ExperimentId { get; init; }

        public long Id { get; init; }

        public string Name { get; init; } = "";

        public JobKind Kind { get; init; }

        public JobState State { get; init; }
    }
}
