using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;

namespace Amnre.Simulation.Tests.Memory;

/// <summary>Rows as the schema has them; times are the database's clock.</summary>
internal sealed class ExperimentRow
{
    public required long Id { get; init; }

    public required string Name { get; init; }

    public required int Version { get; init; }

    public required string Digest { get; init; }

    public required TimeSpan SubmittedAt { get; init; }

    public required ExperimentPlan Plan { get; init; }

    public required JobGraph Graph { get; init; }

    public int Priority { get; set; }

    public List<JobRow> Jobs { get; } = [];

    public List<string> Names { get; } = [];

    /// <summary>That its jobs belong to.</summary>
    public HashSet<string> Queues { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, JobRow> ByName { get; } = new(StringComparer.Ordinal);

    /// <summary>Jobs by state, as the index does it: a million jobs are not looked through for the few that matter.</summary>
    private readonly SortedSet<JobRow>[] _byState = [.. Enum.GetValues<JobState>().Select(_ => new SortedSet<JobRow>(InPlanOrder))];

    /// <summary>Jobs that a person wants given up.</summary>
    public SortedSet<JobRow> Asked { get; } = new(InPlanOrder);

    private static Comparer<JobRow> InPlanOrder { get; } = Comparer<JobRow>.Create((one, other) => one.Place.CompareTo(other.Place));

    /// <summary>Jobs in a state, in plan order.</summary>
    public SortedSet<JobRow> In(JobState state) => _byState[(int)state];

    public ExperimentState State { get; set; }

    public bool CancelAsked { get; set; }

    public bool Paused { get; set; }

    public bool PauseDrains { get; set; }
}

internal sealed class JobRow
{
    public required long Id { get; init; }

    public required ExperimentRow Experiment { get; init; }

    public required int Place { get; init; }

    public required JobSpec Spec { get; init; }

    public required string Queue { get; init; }

    public required int Priority { get; init; }

    public string Fingerprint => Spec.Fingerprint.Text;

    public JobState State
    {
        get;
        set
        {
            Experiment.In(field).Remove(this);
            field = value;
            Experiment.In(field).Add(this);
        }
    }

    public int Unmet { get; set; }

    public TimeSpan? NotBefore { get; set; }

    public TimeSpan QueuedAt { get; set; }

    public long? TransportId { get; set; }

    public string? PlacedOn { get; set; }

    public long Token { get; set; }

    public bool CancelAsked
    {
        get;
        set
        {
            if (field == value) return;
            field = value;
            if (value) Experiment.Asked.Add(this);
            else Experiment.Asked.Remove(this);
        }
    }

    public long BudgetFrom { get; set; }

    public bool Anew { get; set; }

    public List<AttemptRow> Attempts { get; } = [];
}

internal sealed class AttemptRow
{
    public required long Token { get; init; }

    public required JobRow Job { get; init; }

    public required int Number { get; init; }

    public required string Worker { get; init; }

    public required TimeSpan StartedAt { get; init; }

    /// <summary>Kind of device; null when the worker has not said.</summary>
    public string? Device { get; init; }

    /// <summary>It reported progress.</summary>
    public bool GotAnywhere { get; set; }

    public TimeSpan LeaseUntil { get; set; }

    public TimeSpan? EndedAt { get; set; }

    public AttemptOutcome Outcome { get; set; }

    public FailureClass? Failure { get; set; }

    public string? Message { get; set; }

    /// <summary>When its worker was heard of again after it had been given up.</summary>
    public TimeSpan? SurvivedAt { get; set; }

    public bool WorkerSurvived => SurvivedAt is not null;

    public bool Folded { get; set; }

    /// <summary>What it said of its branches, where it decided and was published.</summary>
    public IReadOnlyList<DecidedBranch> Decided { get; set; } = [];
}

internal sealed class WorkerRow
{
    public required string Id { get; init; }

    public required int Slots { get; init; }

    public required IReadOnlyList<string> Kinds { get; init; }

    public long? MemoryBytes { get; init; }

    public DeviceFacts? Device { get; init; }

    public TimeSpan HeartbeatAt { get; set; }

    public bool Draining { get; set; }

    public bool Ended { get; set; }
}

/// <summary>A row of the transport's queue.</summary>
internal sealed class DeliveryRow
{
    public required long Id { get; init; }

    public required long JobId { get; init; }

    public required string Queue { get; init; }

    /// <summary>The transport's commits are not waited for, so a crash takes back the latest.</summary>
    public required TimeSpan EnqueuedAt { get; init; }

    public TimeSpan? FetchedAt { get; set; }
}

/// <summary>A publication that was withdrawn.</summary>
internal sealed record DamageRow(long Token, string Fingerprint, TimeSpan At);

internal sealed record PublicationRow(AttemptRow Attempt, TimeSpan PublishedAt, IReadOnlyList<ArtifactRecord> Files);
