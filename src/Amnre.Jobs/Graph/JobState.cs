namespace Amnre.Jobs.Graph;

/// <summary>Where a job stands. A job leaves a final state only when a user asks for it: a retry, or a rerun.
/// A decision alone may say of a job that was skipped or cancelled that it is not needed, or after a rerun admit one that it
/// pruned.</summary>
public enum JobState
{
    /// <summary>Some dependency has not finished.</summary>
    Waiting,

    /// <summary>Could run; the dispatcher has not handed it out (perhaps it waits out a back-off).</summary>
    Ready,

    /// <summary>Handed to the transport; no worker has claimed it.</summary>
    Queued,

    /// <summary>An attempt holds it, or has ended and the scheduler has not drawn the conclusion yet.</summary>
    Running,

    /// <summary>Made by an attempt of this job.</summary>
    Succeeded,

    /// <summary>Not run: its results are there already, or are not needed.</summary>
    Reused,

    Failed,

    /// <summary>Never run because something it reads from failed.</summary>
    Skipped,

    Cancelled,

    /// <summary>Never run because a decision did not admit it. Nothing failed, and nothing is lacking.</summary>
    Pruned,
}

public static class JobStates
{
    extension(JobState state)
    {
        public bool IsFinal => state >= JobState.Succeeded;

        /// <summary>Its results may be read.</summary>
        public bool IsDone => state is JobState.Succeeded or JobState.Reused;

        /// <summary>Final without results: what reads from it cannot run.</summary>
        public bool IsAbandoned => state is JobState.Failed or JobState.Skipped or JobState.Cancelled;
    }
}
