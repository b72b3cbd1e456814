using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Statements;
using Npgsql;

namespace Amnre.Jobs.Views;

/// <summary>Where published files are. Reads only.</summary>
public sealed class FileViews(NpgsqlDataSource database)
{
    /// <returns>The published file of that name of a done job; null when there is none.</returns>
    public async Task<ArtifactRecord?> FileAsync(long jobId, string name, CancellationToken cancel)
    {
        return await database.QuerySingleOrDefaultAsync<ArtifactRecord>(
            $"""
            select f.name, f.path, f.bytes, f.sha256, f.measured
            from amnre.jobs j {PublicationStatements.FilesOfJob}
            where j.id = @jobId and j.state in ('succeeded', 'reused') and f.name = @name
            """, new { jobId, name }, cancel);
    }

    /// <summary>Every published file of an experiment's done jobs, in plan order.</summary>
    public Task<IReadOnlyList<PublishedFile>> FilesAsync(long experimentId, CancellationToken cancel) =>
        FilesAsync("j.experiment_id = @experimentId", new { experimentId }, cancel);

    /// <summary>The friendly links that an experiment should have.</summary>
    public async Task<IReadOnlyList<FriendlyLink>> LinksAsync(long experimentId, CancellationToken cancel) =>
        Links(await FilesAsync(experimentId, cancel));

    /// <summary>The friendly links that some jobs should have.</summary>
    public async Task<IReadOnlyList<FriendlyLink>> LinksAsync(IReadOnlyCollection<long> jobs, CancellationToken cancel) =>
        Links(await FilesAsync("j.id = any(@jobs)", new { jobs = jobs.ToArray() }, cancel));

    /// <summary>The friendly links that a stretch of an experiment's plan should have.</summary>
    /// <param name="experimentId">Whose jobs.</param>
    /// <param name="from">The first one's place in the plan.</param>
    /// <param name="jobs">How many places.</param>
    /// <param name="cancel">Ends the reading.</param>
    public async Task<IReadOnlyList<FriendlyLink>> LinksAsync(long experimentId, int from, int jobs, CancellationToken cancel) =>
        Links(await FilesAsync("j.experiment_id = @experimentId and j.ordinal >= @from and j.ordinal < @to",
            new { experimentId, from, to = from + jobs }, cancel));

    /// <summary>The latest experiments, newest first.</summary>
    public async Task<IReadOnlyList<(long Id, string Name, int Jobs)>> LatestAsync(int most, CancellationToken cancel)
    {
        return [.. await database.QueryAsync<(long, string, int)>(
            """
            select e.id, e.name, coalesce((select max(j.ordinal) + 1 from amnre.jobs j where j.experiment_id = e.id), 0)
            from amnre.experiments e order by e.id desc limit @most
            """, new { most }, cancel)];
    }

    private async Task<IReadOnlyList<PublishedFile>> FilesAsync(string which, object parameters, CancellationToken cancel)
    {
        var rows = await database.QueryAsync<(string Experiment, string Job, string Outputs, string Name, string Path, long Bytes,
            string Sha256, bool Measured)>(
                $"""
                select e.name, j.name, j.outputs::text, f.name, f.path, f.bytes, f.sha256, f.measured
                from amnre.jobs j join amnre.experiments e on e.id = j.experiment_id
                {PublicationStatements.FilesOfJob}
                where {which} and j.state in ('succeeded', 'reused') order by j.experiment_id, j.ordinal, f.name collate "C"
                """, parameters, cancel);
        return [.. rows.Select(row => new PublishedFile(
            row.Job, row.Name, Friendly(row.Experiment, LedgerText.Outputs(row.Outputs), row.Name), row.Path, row.Bytes, row.Sha256,
            row.Measured))];
    }

    private static IReadOnlyList<FriendlyLink> Links(IEnumerable<PublishedFile> files) =>
        [.. files.Where(file => file.FriendlyPath is not null).Select(file => new FriendlyLink(file.FriendlyPath!, file.Path))];

    private static string? Friendly(string experiment, IReadOnlyList<JobOutput> outputs, string file) =>
        outputs.FirstOrDefault(output => output.Matches(file))?.PathOf(file) is { } path ? $"{experiment}/{path}" : null;
}
