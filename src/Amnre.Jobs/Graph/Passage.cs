namespace Amnre.Jobs.Graph;

/// <summary>A move of one job alone, whatever other jobs do. <see cref="GraphRules"/> and the statements that write such a move take their
/// states from here.</summary>
internal sealed record Passage(JobState From, JobState To)
{
    /// <summary>The scheduler hands the job to the transport.</summary>
    public static Passage Dispatched { get; } = new(JobState.Ready, JobState.Queued);

    /// <summary>A worker begins an attempt.</summary>
    public static Passage Claimed { get; } = new(JobState.Queued, JobState.Running);

    /// <summary>The transport lost the job or consumed it without a claim.</summary>
    public static Passage Undelivered { get; } = new(JobState.Queued, JobState.Ready);
}
