using Amnre.Jobs.Ledger;
using Npgsql;

namespace Amnre.Jobs.Dispatching;

/// <summary>Which jobs of the ledger could go now, and in what order, for the dispatcher and the views.</summary>
internal static class ReadyJobs
{
    /// <summary>Experiments under way, as <see cref="ExperimentShare"/> has them.</summary>
    public const string SharesSql =
        """
        select e.id, e.priority, e.owner, e.most_running,
          (select count(*)::int from amnre.jobs j where j.experiment_id = e.id and j.state in ('queued', 'running')) as in_use
        from amnre.experiments e where e.finished_at is null
        """;

    /// <summary>Whether job <c>j</c> could go, as far as it decides alone.</summary>
    public const string MayGoSql =
        """
        j.state = 'ready' and (j.not_before is null or j.not_before <= now()) and j.cancel_requested_at is null
                and not exists (select from amnre.jobs o where o.fingerprint = j.fingerprint and o.state in ('queued', 'running'))
        """;

    /// <summary>Whether jobs of experiment <c>e</c> go at all.</summary>
    public const string HandsOutSql = "e.cancel_requested_at is null and e.paused_at is null";

    /// <returns>How many ready jobs of its queue go before a job.</returns>
    public static async Task<int> AheadAsync(NpgsqlConnection connection, long experimentId, long jobId, CancellationToken cancel)
    {
        await using var read = await connection.QueryMultipleAsync(
            $"""
            {SharesSql};
            select e.id, count(*)::int,
              count(*) filter (where e.id = t.experiment_id and (j.priority, -j.id) > (t.priority, -t.id))::int as before
            from amnre.jobs t join amnre.jobs j on j.queue = t.queue join amnre.experiments e on e.id = j.experiment_id
            where t.id = @jobId and e.finished_at is null and {HandsOutSql} and {MayGoSql} group by e.id
            """, new { jobId }, cancel);
        var shares = (await read.ReadAsync<ExperimentShare>()).ToList();
        var ready = (await read.ReadAsync<(long Experiment, int Count, int Before)>()).ToDictionary(row => row.Experiment);
        return DispatchOrder.Ahead([.. shares.Select(share => (share, ready.GetValueOrDefault(share.Id).Count))], experimentId,
            ready.GetValueOrDefault(experimentId).Before);
    }
}
