using Amnre.Jobs.Ownership;

namespace Amnre.Jobs.Operations;

/// <summary>What may be asked of experiments, jobs and workers.</summary>
public enum ActionKind
{
    Cancel,
    Pause,
    Resume,
    Prioritize,
    Retry,
    Rerun,
    Drain,
}

/// <summary>A user's request.</summary>
/// <param name="What">A <see cref="Selection"/>; for <see cref="ActionKind.Drain"/> the name of a worker, in which <c>*</c> stands for
/// anything.</param>
public sealed record ActionRequest(ActionKind Kind, string What)
{
    /// <summary>Of a pause: running jobs drain too.</summary>
    public bool Drain { get; init; }

    /// <summary>Of a prioritization: greater goes first.</summary>
    public int? Priority { get; init; }

    /// <summary>Of a retry: conditions as <see cref="JobFilter"/> reads them.</summary>
    public IReadOnlyList<string> Where { get; init; } = [];
}

/// <summary>What became of a request, item by item.</summary>
/// <param name="Action">What was done to the items: <c>cancelled</c>.</param>
public sealed record ActionReport(string Action, IReadOnlyList<string> Done, IReadOnlyList<NotDone> Not);

/// <summary>An item that was left as it is.</summary>
/// <param name="Why">Continues from the item's name: <c>has ended already</c>.</param>
public sealed record NotDone(string Item, string Why);

/// <summary>Who asks.</summary>
/// <param name="Role">In which capacity.</param>
/// <param name="From">Address, or user and host.</param>
public sealed record Requester(string Role, string From)
{
    /// <summary>The user at a command line that has the database itself.</summary>
    public static Requester AtTheDatabase { get; } = new("owner", $"{AccountName.Ours}@{Environment.MachineName}");

    public override string ToString() => $"{Role} at {From}";
}
