using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Specs;
using Dapper;
using Npgsql;

namespace Amnre.Jobs.Views;

/// <summary>What the ledger can tell across experiments. Reads only.</summary>
public sealed class LedgerViews(NpgsqlDataSource database)
{
    /// <summary>Everything that happened after event <paramref name="after"/>, oldest first; who asked for what included.</summary>
    public async Task<IReadOnlyList<LedgerEvent>> EventsAsync(long after, int most, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return [.. await connection.QueryAsync<LedgerEvent>(new CommandDefinition(
            """
            select v.id, v.at, v.kind, e.name as experiment, j.name as job, v.message
            from amnre.events v left join amnre.experiments e on e.id = v.experiment_id left join amnre.jobs j on j.id = v.job_id
            where v.id > @after order by v.id limit @most
            """, new { after, most }, cancellationToken: cancel))];
    }

    /// <summary>Jobs that could begin or are handed out, in the order of priority and submission; shares of users may change it.</summary>
    public async Task<IReadOnlyList<QueuedJob>> QueueAsync(int most, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return [.. await connection.QueryAsync<QueuedJob>(new CommandDefinition(
            """
            select j.id, e.name as experiment, j.name, j.kind, j.state, j.queue, e.priority, e.owner, j.placed_on, j.not_before, e.paused_at is not null as paused
            from amnre.jobs j join amnre.experiments e on e.id = j.experiment_id
            where e.finished_at is null and j.state in ('ready', 'queued')
            order by j.state = 'queued' desc, e.priority desc, j.priority desc, j.id limit @most
            """, new { most }, cancellationToken: cancel))];
    }

    /// <returns>The published file of that name of a done job; null when there is none.</returns>
    public async Task<ArtifactRecord?> FileAsync(long jobId, string name, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await connection.QuerySingleOrDefaultAsync<ArtifactRecord>(new CommandDefinition(
            """
            select a.name, a.path, a.bytes, a.sha256, a.measured
            from amnre.jobs j join amnre.publications p on p.fingerprint = j.fingerprint join amnre.artifacts a on a.token = p.token
            where j.id = @jobId and j.state in ('succeeded', 'reused') and a.name = @name
            """, new { jobId, name }, cancellationToken: cancel));
    }
}

/// <summary>Something that happened, anywhere.</summary>
public sealed record LedgerEvent(long Id, DateTime At, string Kind, string? Experiment, string? Job, string Message);

/// <summary>A job that could begin, or is handed out and not begun.</summary>
public sealed record QueuedJob
{
    public long Id { get; init; }

    public string Experiment { get; init; } = "";

    public string Name { get; init; } = "";

    public JobKind Kind { get; init; }

    public JobState State { get; init; }

    /// <summary>Of the transport.</summary>
    public string Queue { get; init; } = "";

    public int Priority { get; init; }

    public string Owner { get; init; } = "";

    /// <summary>The one worker it was handed to; null for whoever comes first.</summary>
    public string? PlacedOn { get; init; }

    public DateTime? NotBefore { get; init; }

    /// <summary>Its experiment is.</summary>
    public bool Paused { get; init; }
}
