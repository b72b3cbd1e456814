namespace Amnre.Jobs.Statements;

/// <summary>Allocations of a batch system: <c>amnre.allocations</c>.</summary>
internal static class AllocationStatements
{
    public const string Add =
        """
        insert into amnre.allocations (slurm_id, pool) select id, @pool from unnest(@ids) as id on conflict do nothing
        """;

    /// <summary>What the batch system says of one that continues.</summary>
    public const string Seen =
        """
        update amnre.allocations set state = @state, reason = @reason, started_at = now() - @startedAgo::interval,
          ends_at = now() + @endsIn::interval
        where slurm_id = @slurmId and ended_at is null
        """;

    /// <summary>With its workers.</summary>
    public const string Drain =
        """
        with leaving as (
          update amnre.allocations set leaving_at = now() where slurm_id = any(@ids) and ended_at is null and leaving_at is null)
        update amnre.workers set draining = true where slurm_id = any(@ids) and ended_at is null
        """;

    public const string End =
        """
        with ended as (
          update amnre.allocations set state = 'ended', ended_at = now(), reason = @reason
            where slurm_id = @slurmId and ended_at is null returning slurm_id)
        update amnre.workers w set ended_at = now() from ended where w.slurm_id = ended.slurm_id and w.ended_at is null
        returning w.id
        """;
}
