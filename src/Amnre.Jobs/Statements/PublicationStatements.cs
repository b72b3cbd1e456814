using Amnre.Jobs.Ledger;

namespace Amnre.Jobs.Statements;

/// <summary>What stands for results: <c>amnre.publications</c> and the files, <c>amnre.artifacts</c>.</summary>
internal static class PublicationStatements
{
    /// <summary>The files <c>f</c> that stand for the result of job <c>j</c>, by their publication <c>p</c>; after "from amnre.jobs
    /// j".</summary>
    public const string FilesOfJob =
        "join amnre.publications p on p.fingerprint = j.fingerprint join amnre.artifacts f on f.token = p.token";

    /// <summary>Someone may look at it or build on it: the newest version of an experiment, or one that has not ended.</summary>
    public const string Wanted =
        """
        exists (select from amnre.jobs j join amnre.experiments e on e.id = j.experiment_id where j.fingerprint = x.fingerprint
          and (e.finished_at is null or not exists (select from amnre.experiments o where o.name = e.name and o.version > e.version)))
        """;

    public const string Read =
        """
        exists (select from amnre.attempts r join amnre.edges d on d.job_id = r.job_id join amnre.jobs p on p.id = d.producer_id
          where r.ended_at is null and p.fingerprint = x.fingerprint)
        """;

    /// <summary>Ends an attempt, makes its files stand for its result, and notices when they differ from those that did. Files whose bytes
    /// are measured times are no drift; missing and new ones are.</summary>
    public const string Publish =
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
        decided as (
          insert into amnre.decisions (token, branch, admitted, reason)
          select e.token, d.branch, d.admitted, left(d.reason, 4000)
          from ended e cross join unnest(@Branches, @Admitted, @Reasons) as d(branch, admitted, reason)),
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

    /// <summary>Of results that nothing needs.</summary>
    public static string Forget { get; } =
        $"delete from amnre.publications x where x.token = any(@Tokens) and @earlierVersions and not {Wanted} and not {Read}";

    public static string ForgetFiles { get; } =
        $"""
        delete from amnre.artifacts x where x.token = any(@Tokens)
          and not exists (select from amnre.publications p where p.token = x.token) and not {Read}
        """;

    /// <summary>Withdraws damaged publications with the end of the attempt that found them: all or nothing. A publication that stands in
    /// their place by now stays.</summary>
    public static string WithdrawByAttempt { get; } =
        $"""
        with ended as (
          update amnre.attempts a set ended_at = now(), outcome = @Damaged, message = left(@message, 4000)
          from amnre.jobs j where a.token = @token and a.ended_at is null and j.id = a.job_id and j.token = a.token
          returning a.token, a.job_id, j.experiment_id, pg_notify(@Channel, 'ended')),
        {Withdrawn("exists (select from ended)", "(select token from ended)")}
        select exists (select from ended)
        """;

    /// <summary>By who compared them before they were to be reused.</summary>
    public static string Withdraw { get; } =
        $"""
        with {Withdrawn("true", "null::bigint")}
        select count(*)::int from withdrawn
        """;

    /// <summary>The job that made the files is told so in its events, and those of experiments under way that share them.</summary>
    private static string Withdrawn(string condition, string foundBy) =>
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
}
