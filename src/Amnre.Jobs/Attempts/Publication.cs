using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Ledger;
using Dapper;
using Npgsql;

namespace Amnre.Jobs.Attempts;

/// <summary>Ends an attempt as succeeded, makes its files stand for its fingerprint, and notices when they differ from those that stood for
/// it before: all in one statement, and so in one transaction and one journey.</summary>
/// <remarks>No other attempt at the result was open while this one was, so what stood before cannot change meanwhile.</remarks>
internal static class Publication
{
    /// <returns>False when the attempt had ended already; nothing was written.</returns>
    public static async Task<bool> WriteAsync(NpgsqlConnection connection, JobTicket ticket, IReadOnlyList<ArtifactRecord> made,
        CancellationToken cancel) =>
        await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql, new
        {
            ticket.Token,
            ticket.Name,
            Fingerprint = ticket.Fingerprint.Text,
            Succeeded = LedgerText.Of(AttemptOutcome.Succeeded),
            LedgerDatabase.Channel,
            LedgerEvents.Variation,
            Names = made.Select(file => file.Name).ToArray(),
            Paths = made.Select(file => file.Path).ToArray(),
            Bytes = made.Select(file => file.Bytes).ToArray(),
            Digests = made.Select(file => file.Sha256).ToArray(),
            Measured = made.Select(file => file.Measured).ToArray(),
        }, cancellationToken: cancel));

    /// <summary>Files whose bytes are measured times are no drift; missing and new ones are.</summary>
    private const string Sql =
        """
        with ended as (
          update amnre.attempts a set ended_at = now(), outcome = @Succeeded from amnre.jobs j
          where a.token = @Token and a.ended_at is null and j.id = a.job_id and j.token = a.token
          returning a.token, a.job_id, a.device, j.experiment_id, pg_notify(@Channel, 'ended')),
        made as (
          select * from unnest(@Names, @Paths, @Bytes, @Digests, @Measured) as f(name, path, bytes, sha256, measured)),
        before as (
          select p.fingerprint, p.token, a.name, a.sha256, a.measured from (
            select fingerprint, token from amnre.publications where fingerprint = @Fingerprint
            union all
            -- What was withdrawn last, when nothing stands for the result: it comes out as it was before the damage.
            (select d.fingerprint, d.token from amnre.damages d where d.fingerprint = @Fingerprint
               and not exists (select from amnre.publications o where o.fingerprint = @Fingerprint)
               and exists (select from amnre.artifacts f where f.token = d.token) order by d.token desc limit 1)) p
          left join amnre.artifacts a on a.token = p.token),
        drifted as (
          select string_agg(distinct coalesce(o.name, n.name) collate "C", ', ' order by coalesce(o.name, n.name) collate "C") as names
          from (select name, sha256 from before where not measured) o
          full join (select name, sha256 from made where not measured) n on n.name = o.name and n.sha256 = o.sha256
          where o.name is null or n.name is null),
        -- What both were made on, where that is known of both.
        devices as (
          select b.device as old, e.device as new, amnre.kind_of(b.device) <> amnre.kind_of(e.device) as differ
          from ended e join amnre.attempts b on b.token = (select max(token) from before)
          where amnre.kind_of(b.device) is not null and amnre.kind_of(e.device) is not null),
        files as (
          insert into amnre.artifacts (token, name, fingerprint, path, bytes, sha256, measured)
          select e.token, f.name, @Fingerprint, f.path, f.bytes, f.sha256, f.measured from ended e cross join made f),
        stands as (
          insert into amnre.publications (fingerprint, token) select @Fingerprint, token from ended
          on conflict (fingerprint) do update set token = excluded.token, published_at = now()),
        told as (
          insert into amnre.events (experiment_id, job_id, kind, message)
          select e.experiment_id, e.job_id,
            case when d.names is null then 'confirmed' when (select differ from devices) then @Variation else 'drift' end,
            case when d.names is null then @Name || ': made again, byte for byte as before'
              else @Name || ': made again, ' || d.names || ' came out with other bytes than before'
                || coalesce((select case
                    when differ then ': made on ' || amnre.device_text(old) || ', again on ' || amnre.device_text(new) || ': other hardware'
                    when old ->> 'torch' <> new ->> 'torch' then ', with libtorch ' || (new ->> 'torch') || ' instead of ' || (old ->> 'torch') end from devices), '')
                || '; results that were made from the earlier bytes no longer match' end
          from ended e cross join drifted d where exists (select from before))
        select exists (select from ended)
        """;
}
