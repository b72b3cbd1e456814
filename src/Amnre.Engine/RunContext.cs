namespace Amnre.Engine;

/// <summary>How far a run has come; reported to those who watch.</summary>
/// <param name="Done">Units finished.</param>
/// <param name="Total">Units in all; 0 when unknown.</param>
/// <param name="Unit">What is counted: rows, steps, observations.</param>
public sealed record RunProgress(double Done, double Total, string Unit)
{
    /// <summary>Current figures worth watching, such as <c>loss</c>, <c>v_loss</c>, <c>lr</c>, <c>epoch</c>.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();
}

/// <summary>How a run ended without an error.</summary>
public enum RunEnd
{
    /// <summary>All outputs are complete.</summary>
    Completed,

    /// <summary>Asked to drain: a checkpoint holds the state, no output is complete; run again to resume.</summary>
    Drained,
}

/// <summary>What surrounds a run of the engine.</summary>
public sealed record RunContext
{
    /// <summary>Called from the running thread at most a few times a second.</summary>
    public required IProgress<RunProgress> Progress { get; init; }

    /// <summary>Abandon the work at once; the run throws <see cref="OperationCanceledException"/> and its outputs are worthless.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Drain soon: checkpoint and return <see cref="RunEnd.Drained"/>.</summary>
    public CancellationToken Drain { get; init; }

    public required TimeProvider Clock { get; init; }

    /// <summary>Receives a sentence on what the run left out and why.</summary>
    public Action<string> Note { get; init; } = static _ => { };

    /// <summary>Receives how long each saving of the run's state took.</summary>
    public Action<TimeSpan> Saved { get; init; } = static _ => { };

    /// <summary>Surroundings of a step without an observer.</summary>
    internal static RunContext Unwatched(CancellationToken stop) =>
        new() { Progress = new NoProgress(), Clock = TimeProvider.System, Stop = stop };

    private sealed class NoProgress : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
        }
    }
}
