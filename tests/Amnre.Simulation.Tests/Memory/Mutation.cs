namespace Amnre.Simulation.Tests.Memory;

/// <summary>Faults that one could put into a ledger, one at a time; each must be noticed.</summary>
public enum Mutation
{
    None,

    /// <summary>A commit is accepted although the attempt was given away.</summary>
    CommitIgnoresToken,

    /// <summary>Attempts are given up while their lease holds.</summary>
    RescueIgnoresLease,

    /// <summary>The job is freed, but the attempt and its token stay good.</summary>
    RescueKeepsToken,

    /// <summary>Nobody is ever given up.</summary>
    RescueNever,

    /// <summary>A lost worker is charged to the user.</summary>
    RescueBlamesUser,

    /// <summary>Ends of attempts are marked as dealt with and forgotten.</summary>
    FoldLoses,

    /// <summary>Ends of attempts are dealt with again and again.</summary>
    FoldRepeats,

    /// <summary>Events of one round are each decided on the state before the first.</summary>
    FoldForgetsEarlier,

    /// <summary>Conclusions are written whatever state the job is in by then.</summary>
    WriteOverwrites,

    /// <summary>Jobs are handed out before what they read from is there.</summary>
    TakeIgnoresDependencies,

    /// <summary>A job that is running is claimed once more.</summary>
    ClaimIgnoresState,

    /// <summary>Jobs of a paused experiment are claimed.</summary>
    ClaimIgnoresPause,

    /// <summary>What a job was begun on is forgotten, so that one that is to stay on its kind of device goes anywhere.</summary>
    KindForgotten,

    /// <summary>A heartbeat brings an ended attempt back to life.</summary>
    BeatRevives,

    /// <summary>Heartbeats do not prolong the lease.</summary>
    BeatForgets,

    /// <summary>A delivery that was lost is never made again.</summary>
    UndeliveredForgotten,

    /// <summary>A submission's jobs become visible before all are there, and a crash leaves it so.</summary>
    SubmissionTorn,

    /// <summary>A submission that is tried again is written again.</summary>
    SubmissionRepeats,

    /// <summary>What was found damaged stays published.</summary>
    DamageStaysPublished,

    /// <summary>What was found damaged is not made again.</summary>
    DamageNotRepaired,

    /// <summary>Workers read files without comparing them.</summary>
    DamageRead,

    /// <summary>What a decision says is not applied: everything behind it runs.</summary>
    DecisionIgnored,

    /// <summary>What a decision says is lost: nothing behind it runs.</summary>
    DecisionLost,

    /// <summary>A decision counts twice for what waits for it.</summary>
    DecisionCountsTwice,

    /// <summary>A decision is applied although its attempt was given up.</summary>
    DecisionOfZombie,

    /// <summary>Workers publish files that are not on disk yet.</summary>
    PublishesUnfinished,
}
