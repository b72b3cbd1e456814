using Amnre.Engine;

namespace Amnre.Jobs.Submissions;

/// <summary>An experiment of that name is under way with another plan: the plan itself may be sound.</summary>
public sealed class OtherPlanException(string message) : InputException(message);
