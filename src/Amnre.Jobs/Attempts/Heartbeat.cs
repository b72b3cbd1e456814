namespace Amnre.Jobs.Attempts;

/// <summary>What a heartbeat learns.</summary>
/// <param name="Known">The worker is registered.</param>
/// <param name="Held">The attempt is still this worker's; meaningless without one.</param>
/// <param name="Stop">Abandon the attempt: its job or experiment was cancelled.</param>
/// <param name="Drain">Return work to the queue and take no more.</param>
/// <param name="HandBack">Return the attempt's job to the queue, then take other work: the experiment is paused.</param>
public sealed record Heartbeat(bool Known, bool Held, bool Stop, bool Drain, bool HandBack);
