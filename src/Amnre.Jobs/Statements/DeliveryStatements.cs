using Amnre.Jobs.Ledger;

namespace Amnre.Jobs.Statements;

/// <summary>Deliveries of the transport, whose own writer is <see cref="Transport.DeliverySql"/>.</summary>
internal static class DeliveryStatements
{
    public static string Sweep { get; } =
        $"""
        delete from {LedgerSchema.TransportSchema}.jobqueue q where (q.fetchedat < now() - @timeout or q.queue like @own)
          and not exists (select from amnre.jobs j where j.transport_id = q.jobid and j.state in ('queued', 'running'))
        """;
}
