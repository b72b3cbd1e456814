using Amnre.Jobs.Ledger;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Npgsql;

namespace Amnre.Jobs.Transport;

/// <summary>Writes deliveries as Hangfire's client would, all of them in one statement; its client takes several transactions for
/// each.</summary>
/// <remarks>Written for version 23 of Hangfire.PostgreSql's tables: <see cref="LedgerSchema"/> refuses any other, and a test has Hangfire
/// read the rows.</remarks>
internal static class DeliverySql
{
    /// <param name="database">The transport's.</param>
    /// <param name="deliveries">May be none.</param>
    /// <param name="hinted">Queues whose workers are told.</param>
    /// <param name="cancel">Ends the writing.</param>
    /// <returns>The deliveries' numbers, in the order given.</returns>
    public static async Task<IReadOnlyList<long>> WriteAsync(
        NpgsqlDataSource database, IReadOnlyList<(long JobId, string Queue)> deliveries, IReadOnlyList<string> hinted,
        CancellationToken cancel)
    {
        if (deliveries.Count + hinted.Count == 0) return [];
        var invocations = deliveries.Select(
            one => InvocationData.SerializeJob(
                Job.FromExpression<IJobRunner>(runner => runner.RunAsync(one.JobId, CancellationToken.None)))).ToList();
        return [.. (await database.QueryAsync<long?>(
            $"""
            with given as materialized (
              select d.*, nextval('{LedgerSchema.TransportSchema}.job_id_seq') as id,
                nextval('{LedgerSchema.TransportSchema}.state_id_seq') as state
              from unnest(@jobs, @queues, @invocations, @arguments, @states) with ordinality as d (job, queue, invocation, arguments, data,
                place)),
            written as (
              insert into {LedgerSchema.TransportSchema}.job (id, stateid, statename, invocationdata, arguments, createdat)
              select id, state, '{EnqueuedState.StateName}', invocation::jsonb, arguments::jsonb, now() from given),
            stated as (
              insert into {LedgerSchema.TransportSchema}.state (id, jobid, name, createdat, data)
              select state, id, '{EnqueuedState.StateName}', now(), data::jsonb from given),
            queued as (insert into {LedgerSchema.TransportSchema}.jobqueue (jobid, queue) select id, queue from given),
            noted as (
              update amnre.jobs j set transport_id = g.id from given g where j.id = g.job and j.state in ('queued', 'running')),
            hinted as (select pg_notify({DeliveryHints.ChannelSql}, '') from unnest(@hinted) as queue)
            select g.id from (select count(*) from hinted) h left join given g on true order by g.place
            """,
            new
            {
                hinted = hinted.ToArray(),
                jobs = deliveries.Select(one => one.JobId).ToArray(),
                queues = deliveries.Select(one => one.Queue).ToArray(),
                invocations = invocations.Select(one => SerializationHelper.Serialize(one)).ToArray(),
                arguments = invocations.Select(one => one.Arguments).ToArray(),
                states = deliveries.Select(one => SerializationHelper.Serialize(new EnqueuedState(one.Queue).SerializeData())).ToArray(),
            }, cancel)).OfType<long>()];
    }
}
