using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Npgsql;

namespace Amnre.Jobs.Attempts;

/// <summary>Which files stand for which fingerprints.</summary>
internal static class PublishedResults
{
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<ArtifactRecord>>> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<string> fingerprints, CancellationToken cancel)
    {
        var rows = await connection.QueryAsync<Row>(
            """
            select p.fingerprint, f.name, f.path, f.bytes, f.sha256, f.measured
            from amnre.publications p left join amnre.artifacts f on f.token = p.token
            where p.fingerprint = any(@Fingerprints) order by p.fingerprint, f.name collate "C"
            """, new { Fingerprints = fingerprints.ToArray() }, cancel);
        return rows.GroupBy(row => row.Fingerprint).ToDictionary(
            group => group.Key,
            group => (IReadOnlyList<ArtifactRecord>)[.. group.Where(row => row.Name is not null)
                .Select(row => new ArtifactRecord(row.Name!, row.Path!, row.Bytes, row.Sha256!, row.Measured))]);
    }

    /// <summary>Why published files cannot stand for a job's result; null when they can, as far as existence and size tell.</summary>
    /// <param name="job">As it is asked for now.</param>
    /// <param name="files">Published under its fingerprint.</param>
    /// <param name="store">Where they are.</param>
    /// <param name="cancel">Ends a long reading.</param>
    public static async Task<string?> ErrorOfAsync(JobSpec job, IReadOnlyList<ArtifactRecord> files, ArtifactStore store,
        CancellationToken cancel) =>
        // An output declared since then is lacking too; that of a pattern cannot be.
        job.Outputs.FirstOrDefault(output => !output.IsPattern && files.All(file => file.Name != output.Name)) is { } undeclared
            ? $"{undeclared.Name} was never published" : await store.ErrorOfAsync(files, digest: false, cancel);

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
