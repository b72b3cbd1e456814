using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Statements;
using Npgsql;

namespace Amnre.Jobs.Views;

/// <summary>A job on the way to or from another.</summary>
/// <param name="Steps">Reads between the two, at least; negative for what it is made of.</param>
/// <param name="Seed">Of its settings, where they have one.</param>
/// <param name="Worker">The worker that made its result; null while there is none.</param>
/// <param name="Version">Of the program that made it.</param>
/// <param name="Files">Published ones.</param>
/// <param name="Device">What its result was computed on, for people; null where that was not recorded.</param>
/// <param name="BegunOn">The device of another kind on which a training was begun that was resumed on <paramref name="Device"/>; null where
/// there is none.</param>
public sealed record LineageJob(
    long Id, string Name, JobKind Kind, JobState State, int Steps, string? Seed, string Fingerprint, long? Token, string? Worker,
    string? Version, string? SlurmId, int Files,
    string? Device = null, string? BegunOn = null);

/// <summary>A published file.</summary>
public sealed record LedgerFile(long Token, string Name, string Path, long Bytes, string Sha256, bool Measured);

/// <summary>A picture that a job drew.</summary>
/// <param name="Type">Such as <c>corner</c>.</param>
public sealed record FigureFile(long Job, string JobName, string? Type, long Token, string Name);

/// <summary>What results are made of and what is made of them, and their files. Reads only.</summary>
public sealed class LineageViews(NpgsqlDataSource database)
{
    /// <summary>All that a job's result is made of (negative steps), the job itself (0), and what is made of it.</summary>
    /// <param name="jobId">Of which job.</param>
    /// <param name="most">In either direction, nearest first.</param>
    /// <param name="cancel">Ends the reading.</param>
    public async Task<IReadOnlyList<LineageJob>> OfAsync(long jobId, int most, CancellationToken cancel)
    {
        return [.. (await database.QueryAsync<(long Id, string Name, string Kind, string State, int Steps, string? Seed,
            string Fingerprint, long? Token, string? Worker, string? Version, string? SlurmId, int Files, string? Device, string? BegunOn)>(
            LineageSql, new { jobId, most, resuming = JobKinds.ThatResume }, cancel))
            .Select(row => new LineageJob(row.Id, row.Name, LedgerText.Read<JobKind>(row.Kind), LedgerText.Read<JobState>(row.State),
                row.Steps, row.Seed, row.Fingerprint, row.Token, row.Worker, row.Version, row.SlurmId, row.Files, row.Device,
                row.BegunOn))];
    }

    /// <summary>The files that stand for a job's result.</summary>
    public async Task<IReadOnlyList<LedgerFile>> FilesAsync(long jobId, CancellationToken cancel)
    {
        return [.. await database.QueryAsync<LedgerFile>(
            $"""
            select f.token, f.name, f.path, f.bytes, f.sha256, f.measured
            from amnre.jobs j {PublicationStatements.FilesOfJob}
            where j.id = @jobId order by f.name collate "C"
            """, new { jobId }, cancel)];
    }

    /// <returns>Null where no attempt with that token published such a file.</returns>
    public async Task<LedgerFile?> FileAsync(long token, string name, CancellationToken cancel)
    {
        return await database.QuerySingleOrDefaultAsync<LedgerFile>(
            """
            select f.token, f.name, f.path, f.bytes, f.sha256, f.measured from amnre.artifacts f
              join amnre.publications p on p.token = f.token
            where f.token = @token and f.name = @name
            """, new { token, name }, cancel);
    }

    /// <summary>The pictures of an experiment, in plan order.</summary>
    /// <param name="experimentId">Of which experiment.</param>
    /// <param name="type">Of this type alone; null for all.</param>
    /// <param name="run">Those that show this training, itself or by an evaluation of its model; null for all.</param>
    /// <param name="most">Fewest that are enough.</param>
    /// <param name="cancel">Ends the reading.</param>
    public async Task<IReadOnlyList<FigureFile>> FiguresAsync(long experimentId, string? type, long? run, int most,
        CancellationToken cancel)
    {
        return [.. await database.QueryAsync<FigureFile>(
            $"""
            select j.id as job, j.name as jobname, j.settings::jsonb ->> 'type' as type, f.token, f.name
            from amnre.jobs j {PublicationStatements.FilesOfJob}
            where j.experiment_id = @experimentId and j.kind = 'plot' and j.state in ('succeeded', 'reused') and f.name like '%.png'
              and (@type::text is null or j.settings::jsonb ->> 'type' = @type)
              and (@run::bigint is null or exists (
                select from amnre.edges e left join amnre.edges m on m.job_id = e.producer_id and m.role = 'model'
                where e.job_id = j.id and @run in (e.producer_id, m.producer_id)))
            order by j.ordinal, f.name collate "C" limit @most
            """, new { experimentId, type, run, most }, cancel)];
    }

    /// <summary>The reports of verdicts of an experiment, in plan order.</summary>
    public async Task<IReadOnlyList<(long Job, string Name, LedgerFile File)>> VerdictsAsync(long experimentId, int most,
        CancellationToken cancel)
    {
        var rows = await database.QueryAsync<(long Job, string JobName, long Token, string Name, string Path, long Bytes, string Sha256)>(
            $"""
            select j.id, j.name, f.token, f.name, f.path, f.bytes, f.sha256
            from amnre.jobs j {PublicationStatements.FilesOfJob}
            where j.experiment_id = @experimentId and j.kind = 'verdict' and j.state in ('succeeded', 'reused') and f.name = 'verdict.json'
            order by j.ordinal limit @most
            """, new { experimentId, most }, cancel);
        return [.. rows.Select(row =>
            (row.Job, row.JobName, new LedgerFile(row.Token, row.Name, row.Path, row.Bytes, row.Sha256, false)))];
    }

    /// <summary>The trainings that figures of an experiment show, in plan order.</summary>
    public async Task<IReadOnlyList<(long Id, string Name)>> DrawnRunsAsync(long experimentId, int most, CancellationToken cancel)
    {
        return [.. await database.QueryAsync<(long, string)>(
            """
            select t.id, t.name from amnre.jobs t where t.experiment_id = @experimentId and t.kind = 'train' and t.id in (
              select coalesce(m.producer_id, e.producer_id)
              from amnre.jobs j join amnre.edges e on e.job_id = j.id left
                join amnre.edges m on m.job_id = e.producer_id and m.role = 'model'
              where j.experiment_id = @experimentId and j.kind = 'plot')
            order by t.ordinal limit @most
            """, new { experimentId, most }, cancel)];
    }

    private const string LineageSql =
        """
        with recursive above as (
          select @jobId::bigint as id, 0 as steps
          union select e.producer_id, a.steps - 1 from above a join amnre.edges e on e.job_id = a.id where a.steps > -20),
        below as (
          select @jobId::bigint as id, 0 as steps
          union select e.job_id, b.steps + 1 from below b join amnre.edges e on e.producer_id = b.id where b.steps < 20),
        near as (
          (select id, max(steps) as steps from above where steps < 0 group by id order by 2 desc, 1 limit @most)
          union all select @jobId, 0
          union all (select id, min(steps) as steps from below where steps > 0 group by id order by 2, 1 limit @most))
        select j.id, j.name, j.kind, j.state, n.steps, j.settings::jsonb ->> 'seed', j.fingerprint, p.token, a.worker, w.version,
          w.slurm_id,
          (select count(*)::int from amnre.artifacts f where f.token = p.token), nullif(amnre.device_text(a.device), ''),
          case when j.kind = any(@resuming) then (
            select amnre.device_text(b.device) from amnre.resumable(j.fingerprint, p.token) b
            where amnre.kind_of(b.device) <> amnre.kind_of(a.device) order by b.token limit 1) end
        from near n join amnre.jobs j on j.id = n.id left join amnre.publications p on p.fingerprint = j.fingerprint
        left join amnre.attempts a on a.token = p.token left join amnre.workers w on w.id = a.worker
        order by n.steps, j.ordinal
        """;
}
