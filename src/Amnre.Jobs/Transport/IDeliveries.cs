namespace Amnre.Jobs.Transport;

/// <summary>Carries job ids to workers: once, several times, late, or never. The ledger bears all of that.</summary>
public interface IDeliveries
{
    /// <returns>The transport's own number of this delivery.</returns>
    long Enqueue(long jobId, string queue);
}
