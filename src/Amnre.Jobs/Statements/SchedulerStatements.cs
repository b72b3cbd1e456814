namespace Amnre.Jobs.Statements;

/// <summary>Schedulers: <c>amnre.schedulers</c>.</summary>
internal static class SchedulerStatements
{
    public const string Announce =
        """
        insert into amnre.schedulers (id, host, pid, address, leader, version) values (@id, @host, @pid, @address, @leader, @version)
        on conflict (id) do update set heartbeat_at = now(), address = excluded.address, leader = excluded.leader
        """;

    public const string Forget =
        "delete from amnre.schedulers where heartbeat_at < now() - interval '1 hour'";

    public const string Leave =
        "delete from amnre.schedulers where id = @id";
}
