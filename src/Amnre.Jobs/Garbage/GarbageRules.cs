namespace Amnre.Jobs.Garbage;

/// <summary>What the ledger says of an attempt whose files lie in the store.</summary>
/// <param name="EndedAt">Null while it runs.</param>
/// <param name="Publishes">Its files stand for their fingerprint.</param>
/// <param name="Published">Its files were published once: the ledger remembers them.</param>
/// <param name="Read">A running attempt reads results of its fingerprint.</param>
/// <param name="Wanted">A job of a newest or unfinished version of an experiment has its fingerprint.</param>
internal sealed record AttemptStanding(long Token, DateTime? EndedAt, bool Publishes, bool Published, bool Read, bool Wanted);

/// <summary>What the ledger says of a result whose checkpoints lie in the store.</summary>
/// <param name="UnderWay">An attempt at it runs, or a job of it is to run.</param>
/// <param name="FinishedAt">When the last job of it ended.</param>
internal sealed record CheckpointStanding(string Fingerprint, bool Published, bool UnderWay, bool Wanted, DateTime? FinishedAt);

/// <summary>What the ledger says of a user's file whose copy lies in the store.</summary>
/// <param name="Wanted">A job of a newest or unfinished version of an experiment imports it.</param>
internal sealed record InputStanding(bool Wanted);

/// <summary>What becomes of something in the store.</summary>
public enum Verdict
{
    Keep,

    /// <summary>The ledger does not know it: perhaps the database is older than the store. Left alone.</summary>
    Unknown,

    /// <summary>Left by an attempt that was lost, killed or refused.</summary>
    Leftover,

    /// <summary>Published once, and replaced by a rerun since.</summary>
    Superseded,

    /// <summary>Only earlier versions of experiments refer to it.</summary>
    EarlierVersion,

    /// <summary>Saved work that nothing resumes from.</summary>
    Checkpoint,

    /// <summary>What an attempt had to tell, long ago.</summary>
    Log,
}

/// <summary>What may be removed. Pure.</summary>
/// <param name="Before">Only what ended before this instant of the database's clock.</param>
/// <param name="EarlierVersions">Also results that only earlier versions of experiments refer to.</param>
internal sealed record GarbageRules(DateTime Before, bool EarlierVersions)
{
    public Verdict OfAttempt(AttemptStanding? standing) => standing switch
    {
        null => Verdict.Unknown,
        { EndedAt: null } or { Read: true } => Verdict.Keep,
        { EndedAt: { } ended } when ended >= Before => Verdict.Keep,
        { Publishes: true } => EarlierVersions && !standing.Wanted ? Verdict.EarlierVersion : Verdict.Keep,
        { Published: true } => Verdict.Superseded,
        _ => Verdict.Leftover,
    };

    public Verdict OfCheckpoints(CheckpointStanding? standing) => standing switch
    {
        null => Verdict.Unknown,
        { UnderWay: true } => Verdict.Keep,
        { Published: true } => Verdict.Checkpoint,
        // A failed or cancelled job of an experiment's newest version may be retried, from here.
        { Wanted: false, FinishedAt: { } finished } when finished < Before => Verdict.Checkpoint,
        _ => Verdict.Keep,
    };

    /// <param name="standing">Null where no job imports it: its submission was cut off, or the database is older than the store.</param>
    /// <param name="whole">Not what a killed command left of a copy.</param>
    /// <param name="taken">When it was last submitted.</param>
    public Verdict OfInput(InputStanding? standing, bool whole, DateTime taken) => standing switch
    {
        null when !whole => taken < Before ? Verdict.Leftover : Verdict.Keep,
        null => Verdict.Unknown,
        { Wanted: false } when EarlierVersions && taken < Before => Verdict.EarlierVersion,
        _ => Verdict.Keep,
    };

    public Verdict OfLog(AttemptStanding? standing) => standing switch
    {
        null => Verdict.Unknown,
        { EndedAt: { } ended } when ended < Before => Verdict.Log,
        _ => Verdict.Keep,
    };
}
