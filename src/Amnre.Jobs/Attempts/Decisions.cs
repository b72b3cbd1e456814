using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Npgsql;

namespace Amnre.Jobs.Attempts;

/// <summary>What published decisions say of their branches.</summary>
internal static class Decisions
{
    /// <returns>By fingerprint; without results that decide nothing.</returns>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<DecidedBranch>>> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<string> fingerprints, CancellationToken cancel) =>
        (await connection.QueryAsync<(string Fingerprint, string Branch, bool Admitted, string Reason)>(
            """
            select p.fingerprint, d.branch, d.admitted, d.reason from amnre.publications p join amnre.decisions d on d.token = p.token
            where p.fingerprint = any(@Fingerprints)
            """, new { Fingerprints = fingerprints.ToArray() }, cancel))
        .GroupBy(row => row.Fingerprint, StringComparer.Ordinal).ToDictionary(
            of => of.Key,
            of => (IReadOnlyList<DecidedBranch>)[.. of.Select(row => new DecidedBranch(row.Branch, row.Admitted, row.Reason))],
            StringComparer.Ordinal);

    /// <returns>By the token of the attempt that decided.</returns>
    public static async Task<ILookup<long, DecidedBranch>> OfAttemptsAsync(
        NpgsqlConnection connection, IReadOnlyList<long> tokens, CancellationToken cancel) =>
        (await connection.QueryAsync<(long Token, string Branch, bool Admitted, string Reason)>(
            "select token, branch, admitted, reason from amnre.decisions where token = any(@Tokens)",
            new { Tokens = tokens.ToArray() }, cancel))
        .ToLookup(row => row.Token, row => new DecidedBranch(row.Branch, row.Admitted, row.Reason));
}
