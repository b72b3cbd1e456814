using Amnre.Jobs.Ledger;
using Amnre.Jobs.Statements;
using Dapper;
using Npgsql;

namespace Amnre.Jobs.Attempts;

/// <summary>A published file that is not as the ledger remembers it.</summary>
/// <param name="Token">Of the attempt that made it.</param>
/// <param name="Message">Names the file and its job, with what was expected and found.</param>
public sealed record DamagedInput(long Token, string Message);

/// <summary>Takes back publications whose files are damaged or lost.</summary>
internal static class Withdrawal
{
    /// <summary>Together with the end of the attempt that found them: one statement, and so all or nothing. A publication that stands in
    /// their place by now stays.</summary>
    /// <returns>False when the attempt had ended already; nothing was withdrawn then.</returns>
    public static async Task<bool> WriteAsync(NpgsqlConnection connection, long token, IReadOnlyList<DamagedInput> found, string message,
        CancellationToken cancel) =>
        await connection.ExecuteScalarAsync<bool>(
            PublicationStatements.WithdrawByAttempt,
            Parameters(found, new { token, message, Damaged = LedgerText.Of(AttemptOutcome.Damaged), LedgerDatabase.Channel }), cancel);

    /// <summary>By who compared them before they were to be reused.</summary>
    /// <returns>How many publications were withdrawn.</returns>
    public static async Task<int> WriteAsync(NpgsqlConnection connection, IReadOnlyList<DamagedInput> found, CancellationToken cancel) =>
        found.Count == 0 ? 0 : await connection.ExecuteScalarAsync<int>(
            PublicationStatements.Withdraw, Parameters(found, new { }), cancel);

    private static DynamicParameters Parameters(IReadOnlyList<DamagedInput> found, object others)
    {
        var parameters = new DynamicParameters(others);
        parameters.Add("Tokens", found.Select(one => one.Token).ToArray());
        parameters.Add("Messages", found.Select(one => one.Message).ToArray());
        return parameters;
    }
}
