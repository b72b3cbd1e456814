using Amnre.Jobs.Artifacts;
using Dapper;
using Npgsql;

namespace Amnre.Jobs.Views;

/// <summary>Where published files are. Reads only.</summary>
public sealed class FileViews(NpgsqlDataSource database)
{
    /// <returns>The published file of that name of a done job; null when there is none.</returns>
    public async Task<ArtifactRecord?> FileAsync(long jobId, string name, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await connection.QuerySingleOrDefaultAsync<ArtifactRecord>(new CommandDefinition(
            """
            select a.name, a.path, a.bytes, a.sha256, a.measured
            from amnre.jobs j join amnre.publications p on p.fingerprint = j.fingerprint join amnre.artifacts a on a.token = p.token
            where j.id = @jobId and j.state in ('succeeded', 'reused') and a.name = @name
            """, new { jobId, name }, cancellationToken: cancel));
    }
}
