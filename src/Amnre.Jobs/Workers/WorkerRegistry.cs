using Amnre.Jobs.Attempts;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Statements;
using Npgsql;

namespace Amnre.Jobs.Workers;

/// <summary>A worker process as it introduces itself.</summary>
/// <param name="Id">Unique for ever.</param>
/// <param name="Kinds">The transport queues it serves.</param>
/// <param name="SlurmId">The allocation it runs in, as <c>squeue</c> names it (<c>17</c>, <c>17_3</c>); null outside Slurm.</param>
public sealed record WorkerEntry(string Id, string Host, int Pid, int Slots, IReadOnlyList<string> Kinds, string? SlurmId)
{
    /// <summary>Until the batch system ends its allocation; null where nothing does.</summary>
    public TimeSpan? TimeLeft { get; init; }

    /// <summary>What a job may use.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Of the program.</summary>
    public string? Version { get; init; } = ProgramVersion.Build;

    /// <summary>What it computes on; null when it has not said.</summary>
    public DeviceFacts? Device { get; init; }
}

/// <summary>Who works, and who is asked to stop working.</summary>
public sealed class WorkerRegistry(NpgsqlDataSource database)
{
    public async Task RegisterAsync(WorkerEntry worker, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await connection.ExecuteAsync(WorkerStatements.Register, new
        {
            worker.Id,
            worker.Host,
            worker.Pid,
            worker.Slots,
            kinds = worker.Kinds.ToArray(),
            worker.SlurmId,
            worker.TimeLeft,
            worker.Version,
            worker.MemoryBytes,
            device = LedgerText.OfDevice(worker.Device),
        }, cancel);
        await connection.ExecuteAsync("select pg_notify(@Channel, 'worker')", new { LedgerDatabase.Channel }, cancel);
    }

    /// <summary>The batch system moved the end of the worker's allocation.</summary>
    public async Task EndsInAsync(string workerId, TimeSpan timeLeft, CancellationToken cancel)
    {
        await database.ExecuteAsync(WorkerStatements.EndsIn, new { workerId, timeLeft }, cancel);
    }

    /// <summary>What the worker's GPUs do.</summary>
    public async Task ShowGpusAsync(string workerId, IReadOnlyList<GpuReading> gpus, CancellationToken cancel)
    {
        await database.ExecuteAsync(WorkerStatements.ShowGpus, new { workerId, gpus = GpuReading.Text(gpus) }, cancel);
    }

    /// <summary>Asks every worker whose name matches to drain; each learns so with its next heartbeat.</summary>
    /// <param name="pattern">A name; <c>*</c> stands for anything.</param>
    /// <returns>The names of those that were asked.</returns>
    public async Task<IReadOnlyList<string>> AskToDrainAsync(string pattern, CancellationToken cancel)
    {
        var like = pattern.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal).Replace('*', '%');
        return [.. await database.QueryAsync<string>(WorkerStatements.AskToDrain, new { like }, cancel)];
    }

    /// <summary>Asks workers of other builds to drain: they could not understand the jobs of this one's scheduler,
    /// nor it their results.</summary>
    /// <returns>Those that were asked now, each with what it is.</returns>
    public async Task<IReadOnlyList<(string Id, string? Version)>> AskOthersToDrainAsync(string build, CancellationToken cancel)
    {
        return [.. await database.QueryAsync<(string, string?)>(WorkerStatements.AskOthersToDrain, new { build }, cancel)];
    }

    /// <summary>The worker has left of its own accord, having ended its attempts.</summary>
    public async Task LeaveAsync(string workerId, CancellationToken cancel)
    {
        await database.ExecuteAsync(WorkerStatements.Leave, new { workerId }, cancel);
    }

    /// <summary>The worker is known to be dead (its process has ended): ends its attempts as lost at once instead of when their leases run
    /// out.</summary>
    /// <returns>How many attempts were open.</returns>
    public async Task<int> ReportDeadAsync(string workerId, string message, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await connection.ExecuteAsync(WorkerStatements.ReportDead, new { workerId }, cancel);
        var lost = await AttemptEnds.LoseAsync(connection, [workerId], null, message, cancel);
        await connection.ExecuteAsync("select pg_notify(@Channel, 'lost')", new { LedgerDatabase.Channel }, cancel);
        await transaction.CommitAsync(cancel);
        return lost.Count;
    }
}
