using Amnre.Jobs.Views;

namespace Amnre.Scheduler.Pages;

/// <summary>What happened in all experiments.</summary>
/// <param name="Events">Newest first; one more than is shown where there are more.</param>
/// <param name="IsFirst">Whether these are the newest.</param>
public sealed record EventsModel(IReadOnlyList<EventLine> Events, bool IsFirst);
