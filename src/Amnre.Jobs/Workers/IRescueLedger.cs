using Amnre.Jobs.Attempts;

namespace Amnre.Jobs.Workers;

/// <summary>Ends attempts whose lease ran out, on the database's clock; their workers' commits are refused from then on.</summary>
public interface IRescueLedger
{
    Task<IReadOnlyList<LostAttempt>> RescueAsync(CancellationToken cancel);

    /// <summary>Marks workers that have been silent so long that they cannot be running.</summary>
    Task<int> RetireSilentWorkersAsync(TimeSpan heartbeatTimeout, CancellationToken cancel);
}
