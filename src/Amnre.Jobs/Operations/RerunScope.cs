using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Dapper;
using Npgsql;

namespace Amnre.Jobs.Operations;

/// <summary>Which jobs must be made for some to be made anew: those, and what they read from that is not in the store.</summary>
internal sealed class RerunScope
{
    private readonly JobGraph _graph;
    private readonly IReadOnlyList<(long Id, string Fingerprint)> _jobs;
    private readonly IReadOnlyList<bool> _lacking;

    private RerunScope(JobGraph graph, IReadOnlyList<(long Id, string Fingerprint)> jobs, IReadOnlyList<bool> lacking) =>
        (_graph, _jobs, _lacking) = (graph, jobs, lacking);

    public static async Task<RerunScope> ReadAsync(NpgsqlDataSource database, ArtifactStore store, long experimentId, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var jobs = (await connection.QueryAsync<(long Id, string Fingerprint)>(new CommandDefinition(
            "select id, fingerprint from amnre.jobs where experiment_id = @experimentId order by ordinal", new { experimentId }, cancellationToken: cancel))).AsList();
        var place = jobs.Select((job, index) => (job.Id, index)).ToDictionary(pair => pair.Id, pair => pair.index);
        var edges = (await connection.QueryAsync<(long Job, long Producer)>(new CommandDefinition(
            "select distinct e.job_id, e.producer_id from amnre.edges e join amnre.jobs j on j.id = e.job_id where j.experiment_id = @experimentId",
            new { experimentId }, cancellationToken: cancel))).ToLookup(edge => edge.Job, edge => place[edge.Producer]);
        var published = await PublishedResults.ReadAsync(connection, [.. jobs.Select(job => job.Fingerprint)]);
        var lacking = new List<bool>();
        foreach (var (_, fingerprint) in jobs)
        {
            lacking.Add(!published.TryGetValue(fingerprint, out var files) || await AnyFaultAsync(store, files, cancel));
        }

        return new RerunScope(new JobGraph([.. jobs.Select(job => edges[job.Id].ToArray())]), jobs, lacking);
    }

    /// <summary>In plan order, so that each comes after what it reads from.</summary>
    public IReadOnlyList<long> With(IReadOnlyList<long> wanted) =>
        [.. Places(_graph, [.. _jobs.Index().Where(job => wanted.Contains(job.Item.Id)).Select(job => job.Index)], _lacking).Select(place => _jobs[place].Id)];

    internal static IEnumerable<int> Places(JobGraph graph, IReadOnlyList<int> wanted, IReadOnlyList<bool> lacking)
    {
        var again = new SortedSet<int>(wanted);
        // A job reads only from earlier ones, so one pass from the end finds all.
        for (var job = graph.Count - 1; job >= 0; job--)
        {
            if (again.Contains(job)) again.UnionWith(graph.Dependencies(job).Where(dependency => lacking[dependency]));
        }

        return again;
    }

    /// <summary>Of these jobs' results those that nobody is making at the moment.</summary>
    public async Task<IReadOnlyList<Fingerprint>> AtRestAsync(NpgsqlDataSource database, IReadOnlyList<long> jobs, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var fingerprints = _jobs.Where(job => jobs.Contains(job.Id)).Select(job => job.Fingerprint).Distinct().ToArray();
        return [.. (await connection.QueryAsync<string>(new CommandDefinition(
            """
            select f from unnest(@fingerprints) as f
            where not exists (select from amnre.attempts a where a.fingerprint = f and a.ended_at is null)
              and not exists (select from amnre.jobs j where j.fingerprint = f and j.finished_at is null)
            """, new { fingerprints }, cancellationToken: cancel))).Select(Fingerprint.Parse)];
    }

    private static async Task<bool> AnyFaultAsync(ArtifactStore store, IReadOnlyList<ArtifactRecord> files, CancellationToken cancel)
    {
        foreach (var file in files)
        {
            if (await store.FaultOfAsync(file, digest: false, cancel) is not null) return true;
        }

        return false;
    }
}
