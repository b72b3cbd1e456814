using Amnre.Jobs.Artifacts;
using Dapper;
using Npgsql;

namespace Amnre.Jobs.Ledger;

/// <summary>Which files stand for which fingerprints.</summary>
internal static class PublishedResults
{
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<ArtifactRecord>>> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<string> fingerprints)
    {
        var rows = await connection.QueryAsync<Row>(
            """
            select p.fingerprint, a.name, a.path, a.bytes, a.sha256, a.measured
            from amnre.publications p left join amnre.artifacts a on a.token = p.token
            where p.fingerprint = any(@Fingerprints) order by p.fingerprint, a.name collate "C"
            """, new { Fingerprints = fingerprints.ToArray() });
        return rows.GroupBy(row => row.Fingerprint).ToDictionary(
            group => group.Key,
            group => (IReadOnlyList<ArtifactRecord>)[.. group.Where(row => row.Name is not null)
                .Select(row => new ArtifactRecord(row.Name!, row.Path!, row.Bytes, row.Sha256!, row.Measured))]);
    }

    private sealed record Row
    {
        public string Fingerprint { get; init; } = "";

        public string? Name { get; init; }

        public string? Path { get; init; }

        public long Bytes { get; init; }

        public string? Sha256 { get; init; }

        public bool Measured { get; init; }
    }
}
