using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Graph;

namespace Amnre.Simulation.Tests.Memory;

/// <summary>One change of the ledger's rows, for who watches.</summary>
internal abstract record LedgerEntry
{
    private LedgerEntry() { }

    public sealed record Submitted(ExperimentRow Experiment) : LedgerEntry;

    public sealed record Moved(JobRow Job, JobState From, JobState To, bool Asked) : LedgerEntry;

    public sealed record Claimed(AttemptRow Attempt) : LedgerEntry;

    public sealed record Renewed(AttemptRow Attempt) : LedgerEntry;

    public sealed record Ended(AttemptRow Attempt) : LedgerEntry;

    public sealed record Published(AttemptRow Attempt, IReadOnlyList<ArtifactRecord> Files) : LedgerEntry;

    public sealed record Withdrawn(string Fingerprint, AttemptRow Attempt) : LedgerEntry;

    public sealed record Folded(AttemptRow Attempt) : LedgerEntry;

    public sealed record Finished(ExperimentRow Experiment) : LedgerEntry;
}
