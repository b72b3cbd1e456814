using Amnre.Jobs.Ledger;
using Amnre.Jobs.Statements;
using Npgsql;

namespace Amnre.Jobs.Workers;

/// <summary>A scheduler process, for those who look for its pages.</summary>
public sealed record SchedulerEntry(string Id, string Host, int Pid, string? Address, bool Leader, DateTime HeartbeatAt, string? Version);

/// <summary>Which schedulers run, who leads, and at which address their pages are.</summary>
public sealed class SchedulerRegistry(NpgsqlDataSource database)
{
    public async Task AnnounceAsync(string id, string host, int pid, string? address, bool leader, string? version,
        CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await connection.ExecuteAsync(SchedulerStatements.Announce, new { id, host, pid, address, leader, version }, cancel);
        await connection.ExecuteAsync(SchedulerStatements.Forget, null, cancel);
    }

    public async Task LeaveAsync(string id, CancellationToken cancel)
    {
        await database.ExecuteAsync(SchedulerStatements.Leave, new { id }, cancel);
    }

    /// <summary>Schedulers with a recent heartbeat, the leader first.</summary>
    public async Task<IReadOnlyList<SchedulerEntry>> LiveAsync(CancellationToken cancel)
    {
        return [.. await database.QueryAsync<SchedulerEntry>(
            """
            select id, host, pid, address, leader, heartbeat_at, version from amnre.schedulers
            where heartbeat_at > now() - @heartbeatTimeout order by leader desc, started_at
            """, new { heartbeatTimeout = Heartbeats.DefaultTimeout }, cancel)];
    }
}
