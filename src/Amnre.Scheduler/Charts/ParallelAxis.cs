namespace Amnre.Scheduler.Charts;

/// <summary>An upright axis of parallel coordinates: the values of all runs, of which some are numbers and others words.</summary>
/// <param name="Values">One per run: a number, a text, or null.</param>
public sealed record ParallelAxis(string Title, IReadOnlyList<object?> Values);
