namespace Amnre.Jobs.Dispatching;

/// <summary>The dispatcher's side of the ledger.</summary>
public interface IDispatchLedger
{
    /// <summary>Workers with a recent heartbeat that take jobs, experiments whose jobs may be handed out, and what was handed out
    /// already.</summary>
    /// <param name="heartbeatTimeout">A worker without a heartbeat for so long is not counted on.</param>
    Task<PlacementSituation> SituationAsync(TimeSpan heartbeatTimeout, CancellationToken cancel);

    /// <summary>The first ready jobs of each experiment and queue, without those whose result is being made.</summary>
    /// <param name="most">Of each experiment and queue.</param>
    /// <param name="timed">With their expected duration.</param>
    Task<IReadOnlyList<PlaceableJob>> CandidatesAsync(int most, bool timed, CancellationToken cancel);

    /// <summary>The traces that submissions began, by experiment; those that are not known are left out.</summary>
    Task<IReadOnlyDictionary<long, string>> TracesAsync(IReadOnlyCollection<long> experiments, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyDictionary<long, string>>(new Dictionary<long, string>());

    /// <summary>Moves ready jobs to <c>queued</c>. The caller hands them to the transport.</summary>
    /// <returns>Those that were still ready, in the order given.</returns>
    Task<IReadOnlyList<Placed>> TakeAsync(IReadOnlyList<Placed> placed, CancellationToken cancel);

    /// <summary>Queued jobs that no delivery waits for any more: never handed over, lost, or consumed without a claim.</summary>
    /// <param name="timeout">How long a worker may take from fetching a delivery to claiming the job.</param>
    Task<IReadOnlyList<(long JobId, long ExperimentId)>> UndeliveredAsync(TimeSpan timeout, CancellationToken cancel);

    /// <summary>Deletes deliveries that were fetched by a worker that died: the ledger dispatches their jobs again.</summary>
    Task SweepDeliveriesAsync(TimeSpan timeout, CancellationToken cancel);

    /// <summary>Among the jobs that would be taken next, those whose results another experiment has published meanwhile.</summary>
    /// <param name="most">How many jobs of each experiment are looked at.</param>
    Task<IReadOnlyList<LateResult>> LateResultsAsync(int most, CancellationToken cancel);
}
