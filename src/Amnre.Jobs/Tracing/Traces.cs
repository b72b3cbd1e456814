using System.Diagnostics;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Logs;

namespace Amnre.Jobs.Tracing;

/// <summary>The spans of a job's way from its submission to its result. One submission is one trace: the ledger keeps its W3C
/// <c>traceparent</c>, so that a process that works on a job later, on whatever machine, continues it. Without a listener nothing is
/// made.</summary>
public static class Traces
{
    public const string SourceName = "Amnre";

    private static readonly ActivitySource Source = new(SourceName, ProgramVersion.Text);

    /// <summary>Whether anybody listens; what only spans need is not read otherwise.</summary>
    public static bool Any => Source.HasListeners();

    /// <summary>A span within the present one; null where there is no listener.</summary>
    public static Activity? Start(string name, ActivityKind kind = ActivityKind.Internal) => Source.StartActivity(name, kind);

    /// <summary>A span that continues a trace of the ledger's, whatever is under way here.</summary>
    /// <param name="name">Of the span.</param>
    /// <param name="kind">Whether work comes in or goes out with it.</param>
    /// <param name="traceparent">As kept; null or nonsense begins a trace.</param>
    /// <param name="since">When it began, UTC; null for now.</param>
    public static Activity? Continue(string name, ActivityKind kind, string? traceparent, DateTimeOffset? since = null)
    {
        if (!Any) return null;
        var before = Activity.Current;
        // Otherwise what happens to be under way here would be the parent where the ledger names none.
        Activity.Current = null;
        var span = Source.StartActivity(name, kind, ActivityContext.TryParse(traceparent, null, isRemote: true, out var parent)
            ? parent
            : default, startTime: since ?? default);
        if (span is null) Activity.Current = before;
        return span;
    }

    /// <summary>A span that has ended already.</summary>
    public static void Past(string name, DateTimeOffset since) =>
        Source.StartActivity(name, ActivityKind.Internal, default(ActivityContext), startTime: since)?.Stop();

    /// <summary>What the ledger keeps of a submission. It has a trace even without a listener, for workers that are listened to.</summary>
    public static string Traceparent(Activity? span) =>
        span?.Id ?? $"00-{ActivityTraceId.CreateRandom().ToHexString()}-{ActivitySpanId.CreateRandom().ToHexString()}-01";

    public static void Failed(this Activity? span, string? why) => span?.SetStatus(ActivityStatusCode.Error, Redaction.Of(why));
}
