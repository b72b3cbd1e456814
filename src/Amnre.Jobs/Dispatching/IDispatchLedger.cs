namespace Amnre.Jobs.Dispatching;

/// <summary>The dispatcher's side of the ledger.</summary>
public interface IDispatchLedger
{
    /// <summary>Workers that are heard of and take jobs, experiments whose jobs may be handed out, and what was handed out
    /// already.</summary>
    /// <param name="silence">A worker that was silent for so long is not counted on.</param>
    Task<PlacementSituation> SituationAsync(TimeSpan silence, CancellationToken cancel);

    /// <summary>The first ready jobs of each experiment and queue, without those whose result is being made.</summary>
    /// <param name="most">Of each experiment and queue.</param>
    /// <param name="timed">Say how long they are thought to take.</param>
    Task<IReadOnlyList<PlaceableJob>> CandidatesAsync(int most, bool timed, CancellationToken cancel);

    /// <summary>The traces that submissions began, by experiment; those that are not known are left out.</summary>
    Task<IReadOnlyDictionary<long, string>> TracesAsync(IReadOnlyCollection<long> experiments, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyDictionary<long, string>>(new Dictionary<long, string>());

    /// <summary>Moves ready jobs to <c>queued</c>. The caller hands them to the transport.</summary>
    /// <returns>Those that were still ready, in the order given.</returns>
    Task<IReadOnlyList<Placed>> TakeAsync(IReadOnlyList<Placed> placed, CancellationToken cancel);

    /// <summary>Queued jobs that no delivery waits for any more: never handed over, lost, or consumed without a claim.</summary>
    /// <param name="patience">How long a worker may take from fetching a delivery to claiming the job.</param>
    Task<IReadOnlyList<(long JobId, long ExperimentId)>> UndeliveredAsync(TimeSpan patience, CancellationToken cancel);

    /// <summary>Deletes deliveries that were fetched by a worker that died: the ledger hands their jobs out anew.</summary>
    Task SweepDeliveriesAsync(TimeSpan patience, CancellationToken cancel);

    /// <summary>Among the jobs that would be taken next, those whose results another experiment has published meanwhile.</summary>
    /// <param name="most">How many jobs of each experiment are looked at.</param>
    Task<IReadOnlyList<LateResult>> LateResultsAsync(int most, CancellationToken cancel);
}
