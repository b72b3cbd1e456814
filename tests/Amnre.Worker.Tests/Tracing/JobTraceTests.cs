using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Tracing;
using Amnre.Jobs.Views;
using Amnre.Scheduler;
using Amnre.Scheduler.Hosting;
using Amnre.Testing;
using Amnre.Worker.Hosting;
using Amnre.Worker.Kinds;

namespace Amnre.Worker.Tests.Tracing;

/// <summary>A real scheduler and a real worker, in this process so that their spans can be listened to.</summary>
public sealed class JobTraceTests(TestServer server) : LedgerTest(server)
{
    private const string Study =
        """
        name: traced
        simulator: SLCP
        datasets:
          small: { rows: 256, shards: 1 }
        """;

    [Fact]
    public async Task One_trace_leads_from_the_submission_to_the_artifact_over_all_who_had_a_hand_in_it()
    {
        var ended = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Traces.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Add,
        };
        ActivitySource.AddActivityListener(listener);
        await ExecuteAsync("delete from amnre.workers");
        var submitted = await SubmitAsync(Planner.Plan(ExperimentReader.Read("traced.yaml", Study)));
        var sample = (await SnapshotAsync(submitted.ExperimentId)).Jobs[0];
        using var stop = new CancellationTokenSource();

        var scheduler = SchedulerHost.RunAsync(new SchedulerOptions { ConnectionString = ConnectionString, StoreRoot = Store.Root },
            stop.Token);
        var worker = WorkerHost.RunAsync(new WorkerOptions
        {
            ConnectionString = ConnectionString,
            StoreRoot = Store.Root,
            Executions = JobExecutions.All,
        }, stop.Token);
        for (var waited = 0; (await SnapshotAsync(submitted.ExperimentId)).Experiment.State == ExperimentState.Running; waited++)
        {
            Assert.True(waited < 3000, "not within five minutes");
            await Task.Delay(100, Cancel);
        }

        await stop.CancelAsync();
        await Task.WhenAll(scheduler, worker);
        Assert.Equal(ExperimentState.Succeeded, (await SnapshotAsync(submitted.ExperimentId)).Experiment.State);

        var submit = Assert.Single(ended, span => span.OperationName == "submit traced");
        var spans = ended.Where(span => span.TraceId == submit.TraceId).ToList();
        var job = sample.Id.ToString(CultureInfo.InvariantCulture);
        var dispatch = Assert.Single(spans, span => span.OperationName == "dispatch"
            && Convert.ToString(span.GetTagItem("amnre.job.id"), CultureInfo.InvariantCulture) == job);
        var attempt = Assert.Single(spans, span => span.OperationName == "attempt sample");
        Assert.Equal(default, submit.ParentSpanId);
        Assert.Equal(submit.SpanId, dispatch.ParentSpanId);
        Assert.Equal(dispatch.SpanId, attempt.ParentSpanId);
        Assert.Equal(["claim", "fetch", "run", "hash", "publish"],
            spans.Where(span => span.ParentSpanId == attempt.SpanId).OrderBy(span => span.StartTimeUtc).Select(span => span.OperationName));
        Assert.Contains(spans, span => span.OperationName == "conclude" && span.ParentSpanId == submit.SpanId
            && span.StartTimeUtc >= attempt.StartTimeUtc);
        Assert.Equal("completed", attempt.GetTagItem("amnre.outcome"));
        Assert.Equal(submit.TraceId.ToHexString(), (await JobViews.JobAsync(sample.Id, Cancel))!.TraceId);
        Assert.NotEmpty(await Files.FilesAsync(submitted.ExperimentId, Cancel));
    }

    [Fact]
    public async Task Without_a_listener_a_submission_has_a_trace_all_the_same_and_no_span_is_made()
    {
        var submitted = await SubmitAsync(Plan("silent", "only"));
        var ticket = await StartAsync(submitted.ExperimentId, "only");

        Assert.Null(Traces.Start("nothing"));
        Assert.True(ActivityContext.TryParse(ticket.Traceparent, null, out var context));
        Assert.Equal(context.TraceId.ToHexString(), (await JobViews.JobAsync(ticket.JobId, Cancel))!.TraceId);
    }
}
