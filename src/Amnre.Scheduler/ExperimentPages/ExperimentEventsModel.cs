using Amnre.Jobs.Views;

namespace Amnre.Scheduler.ExperimentPages;

/// <summary>What happened in one experiment.</summary>
/// <param name="Events">Newest first; one more than is shown where there are more.</param>
/// <param name="IsFirst">Whether these are the newest.</param>
public sealed record ExperimentEventsModel(ExperimentSummary Experiment, IReadOnlyList<EventLine> Events, bool IsFirst);
