using Amnre.Jobs.Graph;

namespace Amnre.Scheduler.Runs;

/// <summary>A row of the table of runs: a trained model with what was found out about its model, or an evaluation.</summary>
/// <param name="Id">Of the job.</param>
/// <param name="Values">Text, number (<see cref="double"/>) or truth by column; what a run lacks is not there.</param>
public sealed record Run(long Id, string Name, JobState State, double Fraction, double? Seconds,
    IReadOnlyDictionary<string, object> Values)
{
    /// <summary>Its place among the runs; those of one training job share their <see cref="Id"/>.</summary>
    public long Row { get; init; } = Id;
}

/// <summary>Runs and the columns they have between them: settings that differ, then metrics.</summary>
/// <param name="Unread">Published results whose metrics have not been read yet.</param>
public sealed record RunSet(IReadOnlyList<Run> Runs, IReadOnlyList<string> Settings, IReadOnlyList<string> Metrics, int Unread)
{
    public IEnumerable<string> Columns => Settings.Concat(Metrics);
}
