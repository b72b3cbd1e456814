using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Ledger;
using Npgsql;

namespace Amnre.Jobs.Submissions;

/// <summary>Reads published results whole, compares their digests, and withdraws what is damaged or lost, so that nothing goes by it any
/// more.</summary>
internal sealed class Verification(NpgsqlDataSource database, ArtifactStore store)
{
    /// <returns>How many results were withdrawn.</returns>
    /// <exception cref="IOException">A file is there and cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public async Task<int> WithdrawDamagedAsync(string[] fingerprints, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        // Before the files: what is published in their place meanwhile has another token and stays.
        var tokens = (await connection.QueryAsync<(string Fingerprint, long Token)>(
            "select fingerprint, token from amnre.publications where fingerprint = any(@fingerprints)", new { fingerprints }, cancel))
            .ToDictionary(row => row.Fingerprint, row => row.Token, StringComparer.Ordinal);
        var found = new List<DamagedInput>();
        foreach (var (fingerprint, files) in await PublishedResults.ReadAsync(connection, fingerprints, cancel))
            if (tokens.TryGetValue(fingerprint, out var token) && await store.ErrorOfAsync(files, digest: true, cancel) is { } error)
                found.Add(new DamagedInput(token, error));
        return await Withdrawal.WriteAsync(connection, found, cancel);
    }

    /// <summary>What was found wrong last with results that nothing stands for, by fingerprint.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> WithdrawnAsync(NpgsqlConnection connection, string[] fingerprints,
        CancellationToken cancel) =>
        (await connection.QueryAsync<(string Fingerprint, string Message)>(
            """
            select distinct on (d.fingerprint) d.fingerprint, d.message from amnre.damages d
            where d.fingerprint = any(@fingerprints) and not exists (select from amnre.publications p where p.fingerprint = d.fingerprint)
            order by d.fingerprint, d.token desc
            """, new { fingerprints }, cancel)).ToDictionary(row => row.Fingerprint, row => row.Message,
            StringComparer.Ordinal);
}
