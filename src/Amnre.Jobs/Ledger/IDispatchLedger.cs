namespace Amnre.Jobs.Ledger;

/// <summary>The dispatcher's side of the ledger.</summary>
public interface IDispatchLedger
{
    Task<IReadOnlyList<QueueLoad>> LoadsAsync(IReadOnlyList<string> queues, TimeSpan silence, CancellationToken cancel);

    /// <summary>Moves ready jobs to <c>queued</c>, by their experiment's priority as it is now, then their own, then by age. The caller hands them to the transport.</summary>
    Task<IReadOnlyList<long>> TakeAsync(string queue, int most, CancellationToken cancel);

    /// <summary>Remembers the transport's number of a delivery, so that its loss can be noticed.</summary>
    Task DeliveredAsync(long jobId, long transportId, CancellationToken cancel);

    /// <summary>Queued jobs that no delivery waits for any more: never handed over, lost, or consumed without a claim.</summary>
    /// <param name="patience">How long a worker may take from fetching a delivery to claiming the job.</param>
    Task<IReadOnlyList<(long JobId, long ExperimentId)>> UndeliveredAsync(TimeSpan patience, CancellationToken cancel);

    /// <summary>Deletes deliveries that were fetched by a worker that died: the ledger hands their jobs out anew.</summary>
    Task SweepDeliveriesAsync(TimeSpan patience, CancellationToken cancel);

    /// <summary>Among the jobs that would be taken next, those whose results another experiment has published meanwhile.</summary>
    /// <param name="most">How many jobs of each experiment are looked at.</param>
    Task<IReadOnlyList<LateResult>> LateResultsAsync(int most, CancellationToken cancel);
}
