using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Workers;

namespace Amnre.Jobs.Views;

/// <summary>An experiment as it stands at one instant of the database's clock. Times are UTC.</summary>
public sealed record ExperimentSnapshot
{
    public required ExperimentSummary Experiment { get; init; }

    /// <summary>The database's clock when this was read.</summary>
    public required DateTime Now { get; init; }

    /// <summary>In plan order.</summary>
    public required IReadOnlyList<JobSnapshot> Jobs { get; init; }

    /// <summary>What people should know: results that came out differently, and the like.</summary>
    public required IReadOnlyList<LedgerMessage> Warnings { get; init; }
}

/// <summary>One line about an experiment. The numbers of jobs of a large one that is under way are up to a second old for each 50 000
/// jobs.</summary>
public sealed record ExperimentSummary
{
    public long Id { get; init; }

    public string Name { get; init; } = "";

    public int Version { get; init; }

    public ExperimentState State { get; init; }

    public bool CancelRequested { get; init; }

    /// <summary>No new job of it begins.</summary>
    public bool Paused { get; init; }

    /// <summary>Greater goes first, across experiments.</summary>
    public int Priority { get; init; }

    /// <summary>Who submitted it.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Of its jobs, under way at once; null for no limit.</summary>
    public int? AtMost { get; init; }

    public DateTime SubmittedAt { get; init; }

    public DateTime? FinishedAt { get; init; }

    public int Waiting { get; init; }

    /// <summary>Ready or queued.</summary>
    public int Ready { get; init; }

    public int Running { get; init; }

    public int Succeeded { get; init; }

    public int Reused { get; init; }

    public int Failed { get; init; }

    public int Skipped { get; init; }

    public int Cancelled { get; init; }

    /// <summary>Those that a decision did not admit.</summary>
    public int Pruned { get; init; }

    /// <summary>Jobs that were done or are to be done: without those that a decision pruned.</summary>
    public int Total => Waiting + Ready + Running + Succeeded + Reused + Failed + Skipped + Cancelled;

    public int Done => Succeeded + Reused;

    /// <returns>With its jobs by state.</returns>
    internal ExperimentSummary With(IReadOnlyDictionary<JobState, int> jobs)
    {
        return this with
        {
            Waiting = Of(JobState.Waiting),
            Ready = Of(JobState.Ready) + Of(JobState.Queued),
            Running = Of(JobState.Running),
            Succeeded = Of(JobState.Succeeded),
            Reused = Of(JobState.Reused),
            Failed = Of(JobState.Failed),
            Skipped = Of(JobState.Skipped),
            Cancelled = Of(JobState.Cancelled),
            Pruned = Of(JobState.Pruned),
        };

        int Of(JobState state) => jobs.GetValueOrDefault(state);
    }
}

/// <summary>What one job is, whatever its attempts.</summary>
public sealed record JobDetail
{
    public long Id { get; init; }

    public long ExperimentId { get; init; }

    public string Experiment { get; init; } = "";

    /// <summary>Of its experiment.</summary>
    public int Version { get; init; }

    public string Name { get; init; } = "";

    public JobKind Kind { get; init; }

    public JobState State { get; init; }

    public string? Reason { get; init; }

    /// <summary>Canonical JSON.</summary>
    public string Settings { get; init; } = "";

    public string Fingerprint { get; init; } = "";

    /// <summary>Under which its spans are found, from its submission to its result: 32 hexadecimal digits; null for one from before
    /// traces.</summary>
    public string? TraceId { get; init; }
}

/// <summary>One attempt at a job.</summary>
public sealed record AttemptSnapshot
{
    public long Token { get; init; }

    public int Number { get; init; }

    public string Worker { get; init; } = "";

    public string Host { get; init; } = "";

    public DateTime StartedAt { get; init; }

    public DateTime? EndedAt { get; init; }

    public DateTime LeaseUntil { get; init; }

    public AttemptOutcome? Outcome { get; init; }

    public FailureClass? FailureClass { get; init; }

    public string? Message { get; init; }

    /// <summary>The worker's allocation; null where it has none.</summary>
    public string? SlurmId { get; init; }

    /// <summary>Of the worker's program.</summary>
    public string? Version { get; init; }

    /// <summary>What it was computed on; null where its worker did not say.</summary>
    public DeviceFacts? Device { get; init; }

    /// <summary>As the ledger has it.</summary>
    internal string? DeviceJson
    {
        init => Device = DeviceFacts.Read(value);
    }

    public ReportedProgress? Progress { get; init; }

    /// <summary>As the ledger has it.</summary>
    internal string? ProgressJson
    {
        init => Progress = LedgerText.Progress(value);
    }
}

/// <summary>Something that happened.</summary>
public sealed record LedgerMessage(long Id, DateTime At, string Kind, string? Job, string Message);

/// <summary>A worker as the ledger sees it.</summary>
public sealed record WorkerSnapshot
{
    public string Id { get; init; } = "";

    public string Host { get; init; } = "";

    public int Pid { get; init; }

    public int Slots { get; init; }

    /// <summary>The transport queues it serves.</summary>
    public string[] Kinds { get; init; } = [];

    public string? SlurmId { get; init; }

    /// <summary>When the batch system ends its allocation; null where nothing does.</summary>
    public DateTime? EndsAt { get; init; }

    /// <summary>Jobs kept failing on its host lately: others are preferred.</summary>
    public bool Avoided { get; init; }

    /// <summary>What a job there may use; null when it has not said.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Of the program it runs.</summary>
    public string? Version { get; init; }

    /// <summary>As last seen; empty without GPUs.</summary>
    public IReadOnlyList<GpuReading> Gpus { get; init; } = [];

    /// <summary>What it computes on; null when it has not said.</summary>
    public DeviceFacts? Device { get; init; }

    /// <summary>As the ledger has it.</summary>
    internal string? DeviceJson
    {
        init => Device = DeviceFacts.Read(value);
    }

    public DateTime StartedAt { get; init; }

    public bool Draining { get; init; }

    /// <summary>Since its last heartbeat.</summary>
    public double SecondsSilent { get; init; }

    /// <summary>It was silent for so long that it is not counted on.</summary>
    public bool IsSilent { get; init; }

    public long? ExperimentId { get; init; }

    public string? Experiment { get; init; }

    /// <summary>What it runs; null when idle.</summary>
    public string? Job { get; init; }

    /// <param name="now">The database's clock.</param>
    internal WorkerOffer OfferAt(DateTime now) => new(Kinds, MemoryBytes, EndsAt - now, Device?.Kinds ?? []);
}

/// <summary>A published file of an experiment.</summary>
/// <param name="FriendlyPath">Relative to the store: <c>experiment/models/slcp.pth</c>; null for an intermediate.</param>
/// <param name="Path">The file itself, relative to the store.</param>
public sealed record PublishedFile(string Job, string Name, string? FriendlyPath, string Path, long Bytes, string Sha256, bool Measured);
