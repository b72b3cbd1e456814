using Amnre.Jobs.Operations;

namespace Amnre.Scheduler.Pages;

/// <summary>What became of an action.</summary>
public sealed record ReportModel(ActionModel Action, ActionReport Report);
