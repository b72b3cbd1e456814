using Amnre.Jobs.Ledger;
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
        await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            $"""
            with ended as (
              update amnre.attempts a set ended_at = now(), outcome = @Damaged, message = left(@message, 4000)
              from amnre.jobs j where a.token = @token and a.ended_at is null and j.id = a.job_id and j.token = a.token
              returning a.token, a.job_id, j.experiment_id, pg_notify(@Channel, 'ended')),
            {WithdrawnSql("exists (select from ended)", "(select token from ended)")}
            select exists (select from ended)
            """, Parameters(found, new { token, message, Damaged = LedgerText.Of(AttemptOutcome.Damaged), LedgerDatabase.Channel }),
            cancellationToken: cancel));

    /// <summary>By who compared them before they were to be reused.</summary>
    /// <returns>How many publications were withdrawn.</returns>
    public static async Task<int> WriteAsync(NpgsqlConnection connection, IReadOnlyList<DamagedInput> found, CancellationToken cancel) =>
        found.Count == 0 ? 0 : await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            $"""
            with {WithdrawnSql("true", "null::bigint")}
            select count(*)::int from withdrawn
            """, Parameters(found, new { }), cancellationToken: cancel));

    /// <summary>The job that made the files is told so in its events, and those of experiments under way that share them.</summary>
    private static string WithdrawnSql(string condition, string foundBy) =>
        $"""
        found as (select distinct on (token) token, message from unnest(@Tokens, @Messages) as f(token, message) order by token),
        withdrawn as (
          delete from amnre.publications p using found f where p.token = f.token and {condition}
            returning p.token, p.fingerprint, f.message),
        noted as (
          insert into amnre.damages (token, fingerprint, found_by, message)
          select w.token, w.fingerprint, {foundBy}, left(w.message, 4000) from withdrawn w on conflict (token) do nothing),
        told as (
          insert into amnre.events (experiment_id, job_id, kind, message)
          select j.experiment_id, j.id, '{LedgerEvents.Damage}', w.message
          from withdrawn w join amnre.attempts a on a.token = w.token join amnre.jobs j on j.fingerprint = w.fingerprint
          join amnre.experiments e on e.id = j.experiment_id where j.id = a.job_id or e.finished_at is null)
        """;

    private static DynamicParameters Parameters(IReadOnlyList<DamagedInput> found, object others)
    {
        var parameters = new DynamicParameters(others);
        parameters.Add("Tokens", found.Select(one => one.Token).ToArray());
        parameters.Add("Messages", found.Select(one => one.Message).ToArray());
        return parameters;
    }
}
