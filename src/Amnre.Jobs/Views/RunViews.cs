using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Npgsql;

namespace Amnre.Jobs.Views;

/// <summary>What never changes of a training or an evaluation.</summary>
/// <param name="Id">Of the job, which may train several models, each a run.</param>
/// <param name="Settings">Canonical JSON.</param>
/// <param name="Model">The training whose model an evaluation looks at; null for others.</param>
public sealed record RunShape(long Id, string Name, JobKind Kind, string Settings, long? Model)
{
    /// <summary>Where the job puts the model's files; empty for the only one.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Where the evaluation's training put the model.</summary>
    public string ModelFolder { get; init; } = "";
}

/// <summary>Where a training or an evaluation stands.</summary>
/// <param name="Published">Token of the attempt whose files stand for its result; null without one.</param>
/// <param name="Metrics">As last reported; empty where nothing was.</param>
public sealed record RunStanding(long Id, JobState State, double Fraction, double? Seconds, long? Published,
    IReadOnlyDictionary<string, double> Metrics);

/// <summary>Where the statistics of a training are.</summary>
/// <param name="Token">The attempt that wrote them.</param>
/// <param name="Models">One curve each.</param>
public sealed record TrainingCurves(long Job, string Name, Fingerprint Fingerprint, long Token, bool Running,
    IReadOnlyList<TrainingModel> Models);

/// <summary>Trainings and evaluations, for tables and charts.</summary>
public sealed class RunViews(NpgsqlDataSource database)
{
    /// <summary>Runs added to an experiment after job <paramref name="after"/>, in the order of their ids.</summary>
    public async Task<IReadOnlyList<RunShape>> ShapesAsync(long experimentId, long after, CancellationToken cancel)
    {
        return [.. (await database.QueryAsync<(long Id, string Name, string Kind, string Settings, long? Model, string? Output)>(
            """
            select j.id, j.name, j.kind, j.settings, m.producer_id, m.output from amnre.jobs j
            left join lateral (select e.producer_id, e.output from amnre.edges e where e.job_id = j.id and e.role = 'model'
              order by e.ordinal limit 1) m on true
            where j.experiment_id = @experimentId and j.kind in ('train', 'evaluate') and j.id > @after order by j.id
            """, new { experimentId, after }, cancel))
            .SelectMany(row =>
            {
                var kind = LedgerText.Read<JobKind>(row.Kind);
                return TrainingModels.Of(row.Name, kind, row.Settings)
                    .Select(model => new RunShape(row.Id, model.Name, kind, model.Settings, row.Model)
                {
                    Folder = model.Folder,
                    ModelFolder = TrainingModels.FolderOf(row.Output ?? ""),
                });
            })];
    }

    /// <summary>Where all trainings and evaluations of an experiment stand.</summary>
    public async Task<IReadOnlyList<RunStanding>> StandingsAsync(long experimentId, CancellationToken cancel)
    {
        return [.. (await database.QueryAsync<(long Id, string State, double? Seconds, long? Published, string? Progress)>(
            """
            select j.id, j.state, extract(epoch from coalesce(a.ended_at, now()) - a.started_at)::double precision, p.token,
              case when p.token is null then a.progress::text end
            from amnre.jobs j left join amnre.attempts a on a.token = j.token
            left join amnre.publications p on p.fingerprint = j.fingerprint and j.state in ('succeeded', 'reused')
            where j.experiment_id = @experimentId and j.kind in ('train', 'evaluate')
            """, new { experimentId }, cancel)).Select(row =>
            {
                var (state, progress) = (LedgerText.Read<JobState>(row.State), LedgerText.Progress(row.Progress));
                return new RunStanding(row.Id, state, state.IsDone ? 1 : progress?.Fraction ?? 0, row.Seconds, row.Published,
                    progress?.Metrics ?? new Dictionary<string, double>());
            })];
    }

    /// <summary>Files of that name that attempts published, by token.</summary>
    public async Task<IReadOnlyDictionary<long, string>> PathsAsync(IReadOnlyCollection<long> tokens, string name, CancellationToken cancel)
    {
        return (await database.QueryAsync<(long Token, string Path)>(
            "select token, path from amnre.artifacts where token = any(@tokens) and name = @name", new { tokens = tokens.ToArray(), name }, cancel))
            .ToDictionary(row => row.Token, row => row.Path);
    }

    /// <summary>Whose statistics show how trainings went: of each its fingerprint and the attempt that made its result, or else its latest
    /// one.</summary>
    public async Task<IReadOnlyList<TrainingCurves>> CurvesAsync(
        long experimentId, IReadOnlyCollection<long>? jobs, int most, CancellationToken cancel)
    {
        return [.. (await database.QueryAsync<(long Job, string Name, string Fingerprint, long Token, bool Running, string Settings)>(
            """
            select j.id, j.name, j.fingerprint, coalesce(p.token, j.token), j.state = 'running', j.settings
            from amnre.jobs j left join amnre.publications p on p.fingerprint = j.fingerprint and j.state in ('succeeded', 'reused')
            where j.experiment_id = @experimentId and j.kind = 'train' and coalesce(p.token, j.token) is not null
              and (@jobs::bigint[] is null or j.id = any(@jobs))
            order by j.state <> 'running', j.ordinal limit @most
            """, new { experimentId, jobs = jobs?.ToArray(), most }, cancel))
            .Select(row => new TrainingCurves(row.Job, row.Name, Fingerprint.Parse(row.Fingerprint), row.Token, row.Running,
                TrainingModels.Of(row.Name, JobKind.Train, row.Settings)))];
    }
}
