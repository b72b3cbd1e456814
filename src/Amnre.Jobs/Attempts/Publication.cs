using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Ledger;
using Dapper;
using Npgsql;

namespace Amnre.Jobs.Attempts;

/// <summary>Makes an attempt's files stand for its fingerprint, and notices when they differ from those that stood for it before.</summary>
internal static class Publication
{
    public static async Task WriteAsync(NpgsqlConnection connection, JobTicket ticket, IReadOnlyList<ArtifactRecord> made, CancellationToken cancel)
    {
        var fingerprint = ticket.Fingerprint.Text;
        var before = (await PublishedResults.ReadAsync(connection, [fingerprint])).GetValueOrDefault(fingerprint);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            with files as (
            insert into amnre.artifacts (token, name, fingerprint, path, bytes, sha256, measured)
            select @Token, f.name, @fingerprint, f.path, f.bytes, f.sha256, f.measured
            from unnest(@Names, @Paths, @Bytes, @Digests, @Measured) as f(name, path, bytes, sha256, measured))
            insert into amnre.publications (fingerprint, token) values (@fingerprint, @Token)
            on conflict (fingerprint) do update set token = excluded.token, published_at = now()
            """,
            new
            {
                ticket.Token,
                fingerprint,
                Names = made.Select(file => file.Name).ToArray(),
                Paths = made.Select(file => file.Path).ToArray(),
                Bytes = made.Select(file => file.Bytes).ToArray(),
                Digests = made.Select(file => file.Sha256).ToArray(),
                Measured = made.Select(file => file.Measured).ToArray(),
            }, cancellationToken: cancel));
        if (before is null)
        {
            return;
        }

        var drifted = Drifted(before, made);
        var experiment = await connection.QuerySingleAsync<long>(
            "select experiment_id from amnre.jobs where id = @JobId", new { ticket.JobId });
        await (drifted.Count > 0
            ? LedgerEvents.RecordAsync(connection, experiment, ticket.JobId, ticket.Token, "drift",
                $"{ticket.Name}: made again, {string.Join(", ", drifted)} came out with other bytes than before; " +
                "results that were made from the earlier bytes no longer match")
            : LedgerEvents.RecordAsync(connection, experiment, ticket.JobId, ticket.Token, "confirmed",
                $"{ticket.Name}: made again, byte for byte as before"));
    }

    /// <summary>Names of unmeasured files that are not byte for byte what they were, missing and new ones included.</summary>
    private static List<string> Drifted(IReadOnlyList<ArtifactRecord> before, IReadOnlyList<ArtifactRecord> now)
    {
        var old = before.Where(file => !file.Measured).Select(file => (file.Name, file.Sha256)).ToHashSet();
        old.SymmetricExceptWith(now.Where(file => !file.Measured).Select(file => (file.Name, file.Sha256)));
        return [.. old.Select(file => file.Name).Distinct().Order(StringComparer.Ordinal)];
    }
}
