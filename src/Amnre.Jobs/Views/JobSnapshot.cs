using Amnre.Jobs.Graph;
using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Views;

/// <summary>One job of an experiment, with its latest attempt.</summary>
public sealed record JobSnapshot
{
    public long Id { get; init; }

    /// <summary>Its place in the plan.</summary>
    public int Ordinal { get; init; }

    public string Name { get; init; } = "";

    public JobKind Kind { get; init; }

    public JobState State { get; init; }

    /// <summary>Why it is in this state, when there is more to say than the state's name.</summary>
    public string? Reason { get; init; }

    /// <summary>Dependencies that are not done.</summary>
    public int Unmet { get; init; }

    public DateTime? NotBefore { get; init; }

    /// <summary>A user asked for its cancellation.</summary>
    public bool CancelRequested { get; init; }

    public DateTime? FinishedAt { get; init; }

    public int Attempts { get; init; }

    /// <summary>Null before the first attempt.</summary>
    public AttemptSnapshot? Attempt { get; init; }
}
