using Amnre.Jobs.Graph;

namespace Amnre.Simulation.Tests.Audit;

/// <summary>From where to where a job may go in one transaction, as <see cref="GraphEvent"/> draws it.</summary>
internal static class Transitions
{
    public static bool IsLegal(JobState from, JobState to, bool asked) => (from, to) switch
    {
        (JobState.Waiting, JobState.Ready or JobState.Skipped or JobState.Cancelled) => true,
        (JobState.Ready, JobState.Queued or JobState.Reused or JobState.Cancelled) => true,
        (JobState.Queued, JobState.Running or JobState.Ready or JobState.Cancelled) => true,
        (JobState.Running, JobState.Succeeded or JobState.Ready or JobState.Failed or JobState.Cancelled) => true,
        (_, JobState.Ready or JobState.Waiting) => from.IsFinal && asked,
        _ => false,
    };
}
