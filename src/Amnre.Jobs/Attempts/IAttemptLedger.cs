using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Attempts;

/// <summary>A worker's side of the ledger: claim an attempt, keep its lease, end it.</summary>
/// <remarks>An attempt ends exactly once, by the first to end it: its worker or the rescuer. That is the whole fence.
/// Each call happens whole or not at all; a caller that got no answer does not know which, and may ask again.</remarks>
public interface IAttemptLedger
{
    /// <summary>Claims a queued job.</summary>
    /// <param name="jobId">As delivered by the transport.</param>
    /// <param name="workerId">A registered worker that is not draining.</param>
    /// <param name="lease">How long the claim holds without a heartbeat.</param>
    /// <param name="cancel">Cancels; a claim that was made nevertheless runs out with its lease.</param>
    /// <returns>Null when there is nothing to claim: taken, cancelled, not due, or its result is being made elsewhere.</returns>
    Task<JobTicket?> ClaimAsync(long jobId, string workerId, TimeSpan lease, CancellationToken cancel);

    /// <summary>Renews the leases of a worker and of its attempt, and carries progress.</summary>
    /// <param name="progress">Null leaves what was reported last.</param>
    /// <param name="leaving">The worker drains and takes no more, on whatever request.</param>
    /// <param name="longestSave">What saving a run's state has taken at most.</param>
    Heartbeat Beat(string workerId, long? token, TimeSpan lease, ReportedProgress? progress, bool leaving = false,
        TimeSpan? longestSave = null);

    /// <summary>Publishes an attempt's files: the only way a result comes to exist.</summary>
    /// <returns>False when the attempt had ended already: its outputs are discarded.</returns>
    Task<bool> CommitAsync(JobTicket ticket, IReadOnlyList<ArtifactRecord> made, CancellationToken cancel);

    /// <summary>Ends an attempt whose inputs are damaged or lost, and withdraws the publications that it found so: no other job reads them,
    /// and what made them runs again.</summary>
    /// <param name="ticket">Of the attempt.</param>
    /// <param name="found">May be empty: where results were withdrawn before, the attempt found nothing to read.</param>
    /// <param name="message">Names the first of them, with what was expected and found.</param>
    /// <param name="cancel">Cancels.</param>
    /// <returns>False when it had ended already; nothing was withdrawn then.</returns>
    Task<bool> DamagedAsync(JobTicket ticket, IReadOnlyList<DamagedInput> found, string message, CancellationToken cancel);

    /// <summary>Ends an attempt without a result.</summary>
    /// <returns>False when it had ended already.</returns>
    Task<bool> EndAsync(long token, AttemptOutcome outcome, Graph.FailureClass? failure, string? message, CancellationToken cancel);
}
