using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Dapper;
using Npgsql;

namespace Amnre.Jobs.Views;

/// <summary>A job that could begin, or has been handed out.</summary>
public sealed record QueueLine
{
    public long Id { get; init; }

    public long ExperimentId { get; init; }

    public string Experiment { get; init; } = "";

    public string Name { get; init; } = "";

    public JobKind Kind { get; init; }

    public JobState State { get; init; }

    /// <summary>Of the transport.</summary>
    public string Queue { get; init; } = "";

    /// <summary>Who submitted its experiment.</summary>
    public string Owner { get; init; } = "";

    public string? Reason { get; init; }

    /// <summary>Greater goes first; of the experiment, then of the job.</summary>
    public int ExperimentPriority { get; init; }

    public int Priority { get; init; }

    /// <summary>Its experiment is.</summary>
    public bool Paused { get; init; }

    public DateTime? NotBefore { get; init; }

    /// <summary>The one worker it was handed to; null for whoever comes first.</summary>
    public string? PlacedOn { get; init; }

    public int Cpus { get; init; }

    public int Gpus { get; init; }
}

/// <summary>Time that workers spent on an experiment.</summary>
/// <param name="Outcome">Null while under way.</param>
/// <param name="GpuSeconds">Seconds times the GPUs that the job asked for.</param>
public sealed record SpentTime(AttemptOutcome? Outcome, int Attempts, double Seconds, double GpuSeconds);

/// <summary>Something that happened, anywhere.</summary>
public sealed record EventLine(long Id, DateTime At, string Kind, long? ExperimentId, string? Experiment, long? JobId, string? Job,
    string Message);

/// <summary>The queue, the log of what happened and where the time went. Pages go on from a key; nothing counts what it does not
/// show.</summary>
public sealed class QueueViews(NpgsqlDataSource database)
{
    private readonly LargeCounts<long, IReadOnlyList<SpentTime>> _spent = new(TimeProvider.System);

    /// <summary>Jobs that are ready or handed out, in the order in which experiments and jobs go first.</summary>
    /// <param name="after">The last of the page before; null begins.</param>
    /// <param name="most">Rows.</param>
    /// <param name="cancel">Ends the reading.</param>
    public async Task<IReadOnlyList<QueueLine>> QueueAsync((int ExperimentPriority, int Priority, long Id)? after, int most,
        CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return [.. await connection.QueryAsync<QueueLine>(new CommandDefinition(
            """
            select j.id, j.experiment_id, e.name as experiment, j.name, j.kind, j.state, j.queue, e.owner, j.reason,
              e.priority as experiment_priority, j.priority,
              e.paused_at is not null as paused, j.not_before, j.placed_on, j.cpus, j.gpus
            from amnre.experiments e join amnre.jobs j on j.experiment_id = e.id
            where e.finished_at is null and j.state in ('ready', 'queued')
              and (@id::bigint is null or (-e.priority, -j.priority, j.id) > (-@experimentPriority, -@priority, @id))
            order by -e.priority, -j.priority, j.id limit @most
            """, new { id = after?.Id, experimentPriority = after?.ExperimentPriority ?? 0, priority = after?.Priority ?? 0, most },
            cancellationToken: cancel))];
    }

    /// <summary>Everything that happened after event <paramref name="after"/>, oldest first; who asked for what included.</summary>
    public async Task<IReadOnlyList<EventLine>> EventsSinceAsync(long after, int most, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return [.. await connection.QueryAsync<EventLine>(new CommandDefinition(
            $"{EventSql} where v.id > @after order by v.id limit @most", new { after, most }, cancellationToken: cancel))];
    }

    /// <summary>What happened before event <paramref name="before"/>, newest first.</summary>
    /// <param name="experimentId">Null for all experiments.</param>
    /// <param name="before">Null begins with the newest.</param>
    /// <param name="most">Rows.</param>
    /// <param name="cancel">Ends the reading.</param>
    public async Task<IReadOnlyList<EventLine>> EventsAsync(long? experimentId, long? before, int most, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return [.. await connection.QueryAsync<EventLine>(new CommandDefinition(
            $"""
            {EventSql} where v.id < coalesce(@before,
              9223372036854775807) {(experimentId is null ? "" : "and v.experiment_id = @experimentId")}
            order by v.id desc limit @most
            """, new { experimentId, before, most }, cancellationToken: cancel))];
    }

    /// <summary>By how attempts ended; of a great many attempts, up to a second old for each 50 000.</summary>
    public async Task<IReadOnlyList<SpentTime>> SpentAsync(long experimentId, CancellationToken cancel)
    {
        if (_spent.TryGet(experimentId, out var known)) return known;
        await using var connection = await database.OpenConnectionAsync(cancel);
        List<SpentTime> spent = [.. (await connection.QueryAsync<(string? Outcome, int Attempts, double Seconds, double GpuSeconds)>(
            new CommandDefinition(
            """
            select a.outcome, count(*)::int, sum(extract(epoch from coalesce(a.ended_at, now()) - a.started_at))::double precision,
              sum(j.gpus * extract(epoch from coalesce(a.ended_at, now()) - a.started_at))::double precision
            from amnre.attempts a join amnre.jobs j on j.id = a.job_id where j.experiment_id = @experimentId group by a.outcome
              order by a.outcome nulls last
            """, new { experimentId }, cancellationToken: cancel)))
            .Select(row => new SpentTime(row.Outcome is null
                ? null
                : LedgerText.Read<AttemptOutcome>(row.Outcome), row.Attempts, row.Seconds, row.GpuSeconds))];
        return _spent.Keep(experimentId, spent, spent.Sum(one => (long)one.Attempts));
    }

    private const string EventSql =
        """
        select v.id, v.at, v.kind, v.experiment_id as experimentid, e.name as experiment, v.job_id as jobid, j.name as job, v.message
        from amnre.events v left join amnre.experiments e on e.id = v.experiment_id left join amnre.jobs j on j.id = v.job_id
        """;
}
