using System.Diagnostics;
using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Tracing;

namespace Amnre.Scheduler.Dispatch;

/// <summary>A span for each job that is handed out, in the trace of its submission; the job's row tells its worker. Those of jobs
/// that were not ready any more are never ended, and so never sent.</summary>
internal sealed class DispatchTraces
{
    private readonly Dictionary<long, Activity> _spans = [];

    private DispatchTraces(IReadOnlyList<Placed> placed) => Placed = placed;

    /// <summary>With their spans.</summary>
    public IReadOnlyList<Placed> Placed { get; private set; }

    public static async Task<DispatchTraces> BeginAsync(IDispatchLedger ledger, IReadOnlyList<Placed> placed, CancellationToken stop)
    {
        var traces = new DispatchTraces(placed);
        if (!Traces.Any || placed.Count == 0) return traces;
        var submissions = await ledger.TracesAsync([.. placed.Select(one => one.Job.ExperimentId).Distinct()], stop);
        traces.Placed = [.. placed.Select(one => one with { Traceparent = traces.Begin(one, submissions) })];
        return traces;
    }

    public void End(long job)
    {
        if (_spans.Remove(job, out var span)) span.Stop();
    }

    private string? Begin(Placed one, IReadOnlyDictionary<long, string> submissions)
    {
        if (!submissions.TryGetValue(one.Job.ExperimentId, out var submission)) return null;
        var outer = Activity.Current;
        var span = Traces.Continue("dispatch", ActivityKind.Producer, submission);
        Activity.Current = outer; // Several are under way at once, none within another.
        if (span is null) return null;
        span.SetTag("amnre.job.id", one.Job.Id).SetTag("amnre.queue", one.Job.Queue);
        _spans[one.Job.Id] = span;
        return span.Id;
    }
}
