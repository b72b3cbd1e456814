using Amnre.Jobs;
using Amnre.Worker.Drain;
using Amnre.Worker.Kinds;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Amnre.Worker;

/// <summary>What a worker process needs to know.</summary>
public sealed record WorkerOptions
{
    /// <summary>Npgsql keywords of the ledger's database.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Folder of the artifact store, the same for all.</summary>
    public required string StoreRoot { get; init; }

    /// <summary>How each kind of job is done.</summary>
    public required IReadOnlyList<IJobExecution> Executions { get; init; }

    /// <summary>Never reused. Null: generated from host name, process id and a random suffix. A launcher that gives it can report the
    /// worker's death.</summary>
    public string? WorkerId { get; init; }

    /// <summary>GPUs that jobs may use here, as CUDA_VISIBLE_DEVICES names them; with none, only jobs that need none are taken.</summary>
    public IReadOnlyList<string> Gpus { get; init; } = [];

    /// <summary>Take only jobs that need a GPU: other workers are there for the rest.</summary>
    public bool GpuJobsOnly { get; init; }

    /// <summary>The Slurm allocation that this worker runs in; null outside of Slurm.</summary>
    public SlurmAllocation? Allocation { get; init; }

    /// <summary>What a job may use; null for all that this process may.</summary>
    public long? MemoryBytes { get; init => field = value is { } bytes ? OptionRange.Positive(bytes) : null; }

    /// <summary>How long a claim outlives its worker's last heartbeat; beats come four times as often.</summary>
    public TimeSpan Lease { get; init => field = OptionRange.Positive(value); } = TimeSpan.FromSeconds(30);

    /// <summary>How often an idle worker looks for a delivery that no hint told it of.</summary>
    public TimeSpan PollInterval { get; init => field = OptionRange.Positive(value); } = TimeSpan.FromSeconds(30);

    /// <summary>From the request to drain to the moment when a run that has not drained is stopped.</summary>
    public TimeSpan DrainGrace { get; init => field = OptionRange.NotNegative(value); } = TimeSpan.FromSeconds(60);

    /// <summary>Drain and leave when standard input closes: the parent process has gone.</summary>
    public bool ExitWithStandardInput { get; init; }

    /// <summary>Told why the database cannot be reached, each time that it was tried in vain.</summary>
    public Action<string>? OnWaiting { get; init; }

    /// <summary>Called once, when the store here was found to be the ledger's: from then on it may be written to.</summary>
    public Action? OnAdmitted { get; init; }

    /// <summary>Called once, when it has joined the others, with its name.</summary>
    public Action<string>? OnJoined { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;
}
