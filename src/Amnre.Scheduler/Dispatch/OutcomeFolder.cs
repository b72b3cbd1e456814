using System.Diagnostics;
using Amnre.Jobs.Tracing;
using Amnre.Jobs.Transitions;
using Microsoft.Extensions.Logging;

namespace Amnre.Scheduler.Dispatch;

/// <summary>Draws the graph's conclusions from what workers reported.</summary>
internal sealed class OutcomeFolder(IGraphLedger graph, SchedulerOptions options, ILogger<OutcomeFolder> logger)
{
    /// <returns>The jobs that changed.</returns>
    public async Task<IReadOnlyList<long>> FoldAsync(CancellationToken stop)
    {
        var changed = new List<long>();
        foreach (var experiment in await graph.UnsettledAsync(stop))
        {
            using var span = Traces.Any
                ? Traces.Continue("conclude", ActivityKind.Internal, await graph.TraceAsync(experiment, stop))
                : null;
            span?.SetTag("amnre.experiment.id", experiment);
            try
            {
                changed.AddRange(await graph.SettleAsync(experiment, options.Retry, stop));
            }
            catch (LedgerConflictException e)
            {
                span.Failed(e.Message);
                logger.LogDebug("{Message}; looked at again at once", e.Message);
            }
        }

        return changed;
    }
}
