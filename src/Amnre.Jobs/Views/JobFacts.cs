using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Views;

/// <summary>All that the ledger knows about why a job runs, ran, or does not run, at one instant of the database's clock.</summary>
public sealed record JobFacts
{
    public required JobSnapshot Job { get; init; }

    public required ExperimentSummary Experiment { get; init; }

    public required DateTime Now { get; init; }

    public required Fingerprint Fingerprint { get; init; }

    public required JobResources Resources { get; init; }

    /// <summary>The transport's queue that it goes through.</summary>
    public required string Queue { get; init; }

    /// <summary>Why its submission decided that it runs or is reused.</summary>
    public string? Because { get; init; }

    /// <summary>Every field of its key that differs from the previous version's job of the same name; null when none does or there was
    /// none.</summary>
    public string? KeyChanges { get; init; }

    /// <summary>The jobs it reads from, in plan order.</summary>
    public required IReadOnlyList<NeighbourJob> ReadsFrom { get; init; }

    /// <summary>Another job that makes the same result at this moment.</summary>
    public NeighbourJob? MadeBy { get; init; }

    /// <summary>Its expected duration, where that decides which worker may begin it; null when unknown, or when it can save its
    /// state.</summary>
    public TimeSpan? Expected { get; init; }

    /// <summary>The kind of device that it must be resumed on; null when any will do.</summary>
    public string? HeldTo { get; init; }

    /// <summary>Jobs of its experiment that are handed out or running.</summary>
    public int UnderWay { get; init; }

    /// <summary>Of its experiment's name: what ended in an earlier one stays as it is.</summary>
    public int NewestVersion { get; init; }

    /// <summary>Ready jobs of the same queue that go first, by <see cref="DispatchOrder"/>.</summary>
    public int Ahead { get; init; }

    /// <summary>What it asks of a worker.</summary>
    internal JobNeeds Needs => new(Queue, Resources.MemoryBytes, Expected, HeldTo) { Gpus = Resources.Gpus };

    public required IReadOnlyList<WorkerSnapshot> Workers { get; init; }

    /// <summary>A scheduler has a recent heartbeat.</summary>
    public bool Scheduled { get; init; }

    public PublishedBy? Publication { get; init; }

    /// <summary>Oldest first.</summary>
    public required IReadOnlyList<AttemptSnapshot> Attempts { get; init; }

    /// <summary>What happened to it, oldest first; drift of its results included.</summary>
    public required IReadOnlyList<LedgerMessage> Events { get; init; }
}

/// <summary>A job seen from another.</summary>
public sealed record NeighbourJob(string Experiment, string Name, JobState State, string? Reason);

/// <summary>Whose files stand for a result.</summary>
public sealed record PublishedBy(long Token, string Experiment, string Job, DateTime At);
