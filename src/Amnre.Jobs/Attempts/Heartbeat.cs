namespace Amnre.Jobs.Attempts;

/// <summary>What a heartbeat learns.</summary>
/// <param name="Known">The worker is registered.</param>
/// <param name="Held">The attempt is still this worker's; meaningless without one.</param>
/// <param name="Stop">Abandon the attempt: the experiment was cancelled.</param>
/// <param name="Drain">Hand work back and take no more.</param>
public sealed record Heartbeat(bool Known, bool Held, bool Stop, bool Drain);
