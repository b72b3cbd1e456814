namespace Amnre.Jobs.Statements;

/// <summary>Workers: <c>amnre.workers</c>.</summary>
internal static class WorkerStatements
{
    /// <summary>Workers without a heartbeat and without a job.</summary>
    public const string Retire =
        """
        update amnre.workers w set ended_at = now() where w.ended_at is null and w.heartbeat_at < now() - @heartbeatTimeout
          and not exists (select from amnre.attempts a where a.worker = w.id and a.ended_at is null)
        """;

    public const string Register =
        """
        insert into amnre.workers (id, host, pid, slots, kinds, slurm_id, ends_at, version, memory_bytes, device)
        values (@Id, @Host, @Pid, @Slots, @kinds, @SlurmId, now() + @TimeLeft::interval, @Version, @MemoryBytes, @device::jsonb)
        on conflict (id) do update set heartbeat_at = now(), ended_at = null, device = excluded.device
        """;

    public const string EndsIn =
        "update amnre.workers set ends_at = now() + @timeLeft where id = @workerId";

    public const string ShowGpus =
        "update amnre.workers set gpus = @gpus::jsonb where id = @workerId";

    public const string AskToDrain =
        "update amnre.workers set draining = true where id like @like and ended_at is null returning id";

    public const string AskOthersToDrain =
        """
        update amnre.workers set draining = true where version is distinct from @build and ended_at is null and not draining
          returning id, version
        """;

    public const string Leave =
        """
        update amnre.workers set ended_at = now(), draining = true where id = @workerId and ended_at is null
        """;

    public const string ReportDead =
        "update amnre.workers set ended_at = now() where id = @workerId and ended_at is null";
}
