namespace Amnre.Jobs.Graph;

/// <summary>Where an experiment stands.</summary>
public enum ExperimentState
{
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

internal static class ExperimentStates
{
    /// <summary>Running until every job is final; then the worst of them: failed before cancelled before succeeded.</summary>
    public static ExperimentState Of(IEnumerable<JobState> jobs)
    {
        var end = ExperimentState.Succeeded;
        foreach (var job in jobs)
        {
            if (!job.IsFinal)
            {
                return ExperimentState.Running;
            }

            end = job switch
            {
                JobState.Failed or JobState.Skipped => ExperimentState.Failed,
                JobState.Cancelled when end != ExperimentState.Failed => ExperimentState.Cancelled,
                _ => end,
            };
        }

        return end;
    }
}
