using Amnre.Jobs.Graph;

namespace Amnre.Jobs.Transitions;

/// <summary>Folds what happened through <see cref="GraphRules"/> and keeps the conclusions.</summary>
public interface IGraphLedger
{
    /// <summary>Experiments in which something waits for a conclusion.</summary>
    Task<IReadOnlyList<long>> UnsettledAsync(CancellationToken cancel);

    /// <summary>The trace that the experiment's submission began; null where none is known.</summary>
    Task<string?> TraceAsync(long experimentId, CancellationToken cancel) => Task.FromResult<string?>(null);

    /// <summary>Draws all conclusions that one experiment waits for.</summary>
    /// <returns>The jobs that changed.</returns>
    /// <exception cref="LedgerConflictException">A job moved meanwhile; nothing was written.</exception>
    Task<IReadOnlyList<long>> SettleAsync(long experimentId, RetryPolicy policy, CancellationToken cancel);

    /// <summary>Draws the conclusions of something that is not an attempt's end.</summary>
    /// <param name="happened">For each job its event.</param>
    /// <returns>The jobs that changed.</returns>
    /// <exception cref="LedgerConflictException">A job moved meanwhile; nothing was written.</exception>
    Task<IReadOnlyList<long>> ConcludeAsync(
        long experimentId, IReadOnlyList<(long JobId, Func<int, GraphEvent> Event)> happened, CancellationToken cancel);

    /// <summary>Draws the conclusions of something that happened to an experiment as a whole.</summary>
    Task<IReadOnlyList<long>> ConcludeAsync(long experimentId, GraphEvent happened, CancellationToken cancel);
}
