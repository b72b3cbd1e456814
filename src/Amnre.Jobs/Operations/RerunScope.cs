using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Transitions;
using Npgsql;

namespace Amnre.Jobs.Operations;

/// <summary>Which jobs must run for some to be rerun: those, and what they read from that is not in the store.</summary>
internal sealed class RerunScope
{
    private readonly Topology _topology;
    private readonly IReadOnlyList<string> _fingerprints;
    private readonly IReadOnlyList<bool> _lacking;

    private RerunScope(Topology topology, IReadOnlyList<string> fingerprints, IReadOnlyList<bool> lacking) =>
        (_topology, _fingerprints, _lacking) = (topology, fingerprints, lacking);

    public static async Task<RerunScope> ReadAsync(NpgsqlDataSource database, ArtifactStore store, long experimentId,
        CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var topology = await Topology.ReadAsync(connection, experimentId, cancel);
        var fingerprints = await connection.QueryAsync<string>(
            "select fingerprint from amnre.jobs where experiment_id = @experimentId order by ordinal", new { experimentId }, cancel);
        var published = await PublishedResults.ReadAsync(connection, fingerprints, cancel);
        var lacking = new List<bool>();
        foreach (var fingerprint in fingerprints)
        {
            lacking.Add(!published.TryGetValue(fingerprint, out var files)
                || await store.ErrorOfAsync(files, digest: false, cancel) is not null);
        }

        return new RerunScope(topology, fingerprints, lacking);
    }

    /// <summary>In plan order, so that each comes after what it reads from.</summary>
    public IReadOnlyList<long> With(IReadOnlyList<long> wanted) =>
        [.. Places(_topology.Graph, [.. wanted.Select(job => _topology.Place[job])], _lacking).Select(place => _topology.Ids[place])];

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

    /// <summary>Of these jobs' results those that are not being made at the moment.</summary>
    public async Task<IReadOnlyList<Fingerprint>> AtRestAsync(NpgsqlDataSource database, IReadOnlyList<long> jobs, CancellationToken cancel)
    {
        var fingerprints = jobs.Select(job => _fingerprints[_topology.Place[job]]).Distinct().ToArray();
        return [.. (await database.QueryAsync<string>(
            """
            select f from unnest(@fingerprints) as f
            where not exists (select from amnre.attempts a where a.fingerprint = f and a.ended_at is null)
              and not exists (select from amnre.jobs j where j.fingerprint = f and j.finished_at is null)
            """, new { fingerprints }, cancel)).Select(Fingerprint.Parse)];
    }
}
