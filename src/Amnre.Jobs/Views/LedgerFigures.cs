using Amnre.Jobs.Ledger;
using Npgsql;

namespace Amnre.Jobs.Views;

/// <summary>The ledger in numbers, for monitoring: of experiments under way and of what runs, so that history costs nothing.</summary>
public sealed record LedgerFigures
{
    /// <summary>Of experiments under way, by state.</summary>
    public required IReadOnlyDictionary<string, long> Jobs { get; init; }

    /// <summary>Experiments, by state; those under way that are paused count as such.</summary>
    public required IReadOnlyDictionary<string, long> Experiments { get; init; }

    /// <summary>Ready or queued jobs, by the transport's queue.</summary>
    public required IReadOnlyDictionary<string, long> Queues { get; init; }

    /// <summary>Of the latest thousand that ended, by outcome.</summary>
    public required IReadOnlyDictionary<string, long> LatestAttempts { get; init; }

    public long RunningAttempts { get; init; }

    public long Workers { get; init; }

    public long BusyWorkers { get; init; }

    public long Allocations { get; init; }

    /// <summary>Seconds since the renewal of the lease that was renewed longest ago; null when nothing runs.</summary>
    public double? LeaseRenewalAge { get; init; }

    /// <summary>Seconds until the first lease of a running attempt runs out; null when nothing runs.</summary>
    public double? LeaseLeft { get; init; }

    /// <summary>Seconds for which the delivery that waits longest has waited; null when none does.</summary>
    public double? OldestDelivery { get; init; }

    /// <summary>Seconds from being able to begin to its first attempt's beginning, over the latest thousand first attempts: quantiles 0.5,
    /// 0.95, 1; null when there were none.</summary>
    public double[]? DispatchLatency { get; init; }

    public static async Task<LedgerFigures> ReadAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await ReadAsync(connection, cancel);
    }

    private static async Task<LedgerFigures> ReadAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var row = await connection.QuerySingleAsync<Row>(RowSql, null, cancel);
        return new LedgerFigures
        {
            Jobs = await CountsAsync(
                "select j.state, count(*) from amnre.jobs j join amnre.experiments e on e.id = j.experiment_id where e.finished_at is " +
                    "null group by j.state"),
            Experiments = await CountsAsync("select case when finished_at is null and paused_at is not null then 'paused' else state " +
                "end, count(*) from amnre.experiments group by 1"),
            Queues = await CountsAsync(
                "select j.queue, count(*) from amnre.jobs j join amnre.experiments e on e.id = j.experiment_id where e.finished_at is " +
                    "null and j.state in ('ready', 'queued') group by j.queue"),
            LatestAttempts = await CountsAsync(
                "select outcome, count(*) from (select outcome from amnre.attempts where ended_at is not null order by token desc limit " +
                    "1000) a group by outcome"),
            RunningAttempts = row.Running,
            Workers = row.Workers,
            BusyWorkers = row.Busy,
            Allocations = row.Allocations,
            LeaseRenewalAge = row.RenewalAge,
            LeaseLeft = row.LeaseLeft,
            OldestDelivery = row.OldestDelivery,
            DispatchLatency = row.Latency,
        };

        async Task<IReadOnlyDictionary<string, long>> CountsAsync(string sql) =>
            (await connection.QueryAsync<(string Key, long Count)>(sql, null, cancel)).ToDictionary(
                one => one.Key, one => one.Count);
    }

    private const string RowSql =
        """
        select
          (select count(*) from amnre.attempts where ended_at is null) as running,
          (select count(*) from amnre.workers where ended_at is null) as workers,
          (select count(distinct worker) from amnre.attempts where ended_at is null) as busy,
          (select count(*) from amnre.allocations where ended_at is null) as allocations,
          (select max(extract(epoch from now() - w.heartbeat_at))::double precision from amnre.attempts a
            join amnre.workers w on w.id = a.worker where a.ended_at is null) as renewal_age,
          (select min(extract(epoch from lease_until - now()))::double precision from amnre.attempts where ended_at is null) as lease_left,
          (select max(extract(epoch from now() - j.queued_at))::double precision from amnre.jobs j
            where j.state = 'queued') as oldest_delivery,
          (select percentile_cont(array[0.5, 0.95, 1]) within group (order by greatest(0, extract(epoch
            from a.started_at - greatest(e.submitted_at,
             (select max(p.finished_at) from amnre.edges d join amnre.jobs p on p.id = d.producer_id where d.job_id = j.id)))))
           from (select job_id, started_at from amnre.attempts where number = 1 order by token desc limit 1000) a
           join amnre.jobs j on j.id = a.job_id join amnre.experiments e on e.id = j.experiment_id) as latency
        """;

    private sealed record Row
    {
        public long Running { get; init; }

        public long Workers { get; init; }

        public long Busy { get; init; }

        public long Allocations { get; init; }

        public double? RenewalAge { get; init; }

        public double? LeaseLeft { get; init; }

        public double? OldestDelivery { get; init; }

        public double[]? Latency { get; init; }
    }
}
