using Amnre.Jobs.Dispatching;

namespace Amnre.Jobs.Transport;

/// <summary>Carries job ids to workers: once, several times, late, or never. The ledger bears all of that.</summary>
public interface IDeliveries
{
    /// <summary>Hands jobs to the transport and notes with each queued job which delivery waits for it, so that its loss can be noticed.
    /// Whole or not at all; a caller that got no answer does not know which.</summary>
    /// <param name="deliveries">May be none, where only hints are to be given.</param>
    /// <param name="hints">Who is told, once all are there.</param>
    /// <param name="cancel">Ends the writing.</param>
    /// <returns>The transport's own number of each delivery, in the order given.</returns>
    Task<IReadOnlyList<long>> EnqueueAsync(IReadOnlyList<(long JobId, string Queue)> deliveries, Hints hints, CancellationToken cancel);
}
