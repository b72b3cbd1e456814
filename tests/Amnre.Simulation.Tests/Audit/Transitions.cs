using Amnre.Jobs.Graph;

namespace Amnre.Simulation.Tests.Audit;

/// <summary>From where to where a job may go in one transaction, as <see cref="GraphEvent"/> draws it.</summary>
internal static class Transitions
{
    /// <param name="withdrawn">Its results were found damaged or lost once.</param>
    public static bool IsLegal(JobState from, JobState to, bool asked, bool withdrawn) => (from, to) switch
    {
        (JobState.Waiting, JobState.Ready or JobState.Skipped or JobState.Cancelled) => true,
        // A decision does not admit it. It is a function of what it reads, so a rerun admits nobody that it pruned.
        (JobState.Waiting or JobState.Skipped or JobState.Cancelled, JobState.Pruned) => true,
        (JobState.Pruned, _) => false,
        (JobState.Ready, JobState.Queued or JobState.Reused or JobState.Cancelled) => true,
        (JobState.Queued, JobState.Running or JobState.Ready or JobState.Cancelled) => true,
        (JobState.Running, JobState.Succeeded or JobState.Ready or JobState.Failed or JobState.Cancelled) => true,
        // What it reads from is made again, or cannot be.
        (JobState.Ready or JobState.Queued or JobState.Running, JobState.Waiting or JobState.Skipped) => true,
        (JobState.Succeeded or JobState.Reused, JobState.Failed or JobState.Skipped) => withdrawn,
        // It was to be made again, and was given up with its experiment in the same moment.
        (JobState.Succeeded or JobState.Reused, JobState.Cancelled) => withdrawn,
        (_, JobState.Ready or JobState.Waiting) => from.IsFinal && (asked || (from.IsDone && withdrawn)),
        _ => false,
    };
}
