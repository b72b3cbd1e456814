using System.Collections.Concurrent;
using System.Diagnostics;
using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Transport;
using Amnre.Testing;
using Hangfire.States;
using Microsoft.Extensions.Logging.Abstractions;

namespace Amnre.Jobs.Tests.Transport;

public sealed class JobTransportTests(TestServer server) : LedgerTest(server)
{
    /// <summary>Longer than any test: whoever takes a delivery was told of it.</summary>
    private static readonly TimeSpan NoPolling = TimeSpan.FromHours(1);

    [Fact]
    public async Task Hangfire_reads_what_was_handed_over_as_if_its_own_client_had_written_it()
    {
        var transport = new JobTransport(Database, NoPolling);

        var numbers = await transport.EnqueueAsync([(17, "plain"), (18, "accelerated"), (19, "plain")], Hints.None, Cancel);

        var monitoring = transport.Storage.GetMonitoringApi();
        Assert.Equal(["accelerated", "plain"], monitoring.Queues().Select(queue => queue.Name).Order());
        var waiting = monitoring.EnqueuedJobs("plain", 0, 10);
        Assert.Equal(new[] { numbers[0], numbers[2] }.Select(number => $"{number}"), waiting.Select(one => one.Key));
        Assert.Equal([17L, 19L], waiting.Select(one => (long)one.Value.Job.Args[0]));
        Assert.All(waiting,
            one => Assert.Equal((nameof(IJobRunner.RunAsync), EnqueuedState.StateName, true),
                (one.Value.Job.Method.Name, one.Value.State, one.Value.InEnqueuedState)));
        var history = Assert.Single(monitoring.JobDetails($"{numbers[1]}").History);
        Assert.Equal((EnqueuedState.StateName, "accelerated"), (history.StateName, history.Data["Queue"]));
    }

    [Fact]
    public async Task A_queued_job_knows_its_delivery_and_one_that_is_not_queued_is_left_alone()
    {
        var id = (await SubmitAsync(Plan("e", "one", "two"))).ExperimentId;
        var taken = await Dispatch.TakeAsync("plain", 1, Cancel);
        var other = (await SnapshotAsync(id)).Jobs.Single(job => !taken.Contains(job.Id)).Id;

        var numbers = await new JobTransport(Database, NoPolling).EnqueueAsync([(taken[0], "plain"), (other, "plain")], Hints.None, Cancel);

        Assert.Equal(numbers[0], await ScalarAsync<long?>("select transport_id from amnre.jobs where id = @id", new { id = taken[0] }));
        Assert.Null(await ScalarAsync<long?>("select transport_id from amnre.jobs where id = @id", new { id = other }));
    }

    [Fact]
    public async Task An_idle_worker_takes_what_is_put_into_its_queues_at_once_and_leaves_nothing_behind()
    {
        await using var leave = await Serving.StartAsync(this);
        await leave.ListensAsync();
        var begin = Stopwatch.GetTimestamp();

        var numbers = await new JobTransport(Database, NoPolling).EnqueueAsync([(1, "plain"), (2, "accelerated"), (3, "plain")],
            new Hints(["plain"], []), Cancel);
        await leave.HaveRunAsync(2);

        Assert.True(Stopwatch.GetElapsedTime(begin) < NoPolling / 10);
        Assert.Equal([1L, 3L], leave.Done);
        while (await ScalarAsync<long>("select count(*) from hangfire.jobqueue") != 1) await Task.Delay(20, Cancel);
        var shown = leave.Transport.Storage.GetMonitoringApi().JobDetails($"{numbers[0]}");
        Assert.Equal([SucceededState.StateName, EnqueuedState.StateName], shown.History.Select(one => one.StateName));
        Assert.NotNull(shown.ExpireAt);
    }

    [Fact]
    public async Task A_worker_that_is_told_by_name_takes_what_lies_in_any_of_its_queues()
    {
        await using var leave = await Serving.StartAsync(this);
        await leave.ListensAsync();
        var transport = new JobTransport(Database, NoPolling);
        await transport.EnqueueAsync([(1, "plain")], new Hints([], ["another"]), Cancel);
        await Task.Delay(300, Cancel);
        Assert.Empty(leave.Done);

        // Hints alone, for what was there already.
        Assert.Empty(await transport.EnqueueAsync([], new Hints([], ["test"]), Cancel));
        await leave.HaveRunAsync(1);
        Assert.Equal([1L], leave.Done);
    }

    [Fact]
    public async Task A_worker_at_work_does_not_listen_and_listens_again_when_it_has_done()
    {
        await using var leave = await Serving.StartAsync(this);
        await leave.ListensAsync();
        var transport = new JobTransport(Database, NoPolling);
        var work = new TaskCompletionSource();
        leave.Work = work.Task;
        await transport.EnqueueAsync([(1, "plain")], new Hints(["plain"], []), Cancel);
        while (await ScalarAsync<long>("select count(*) from pg_stat_activity where application_name like 'amnre hints%' and query like " +
            "'unlisten%' and datname = current_database()") == 0) await Task.Delay(20, Cancel);

        await transport.EnqueueAsync([(2, "plain")], new Hints(["plain"], []), Cancel);
        leave.Work = Task.CompletedTask;
        work.SetResult();
        await leave.HaveRunAsync(2);
        await leave.ListensAsync();
        await transport.EnqueueAsync([(3, "plain")], new Hints([], ["test"]), Cancel);
        await leave.HaveRunAsync(3);

        Assert.Equal([1L, 2L, 3L], leave.Done);
    }

    [Fact]
    public async Task A_worker_whose_session_for_hints_breaks_hears_of_what_came_meanwhile()
    {
        await using var leave = await Serving.StartAsync(this);
        await leave.ListensAsync();
        // A delivery whose hint this worker did not hear.
        var numbers = await new JobTransport(Database, NoPolling).EnqueueAsync([(5, "nobody")], Hints.None, Cancel);
        await ExecuteAsync("update hangfire.jobqueue set queue = 'plain' where jobid = @number", new { number = numbers[0] });

        await ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'amnre hints%' and " +
            "datname = current_database()");
        await leave.HaveRunAsync(1);

        Assert.Equal([5L], leave.Done);
    }

    /// <summary>A worker of the transport alone.</summary>
    private sealed class Serving : IJobRunner, IAsyncDisposable
    {
        private readonly LedgerTest _test;
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _hearing;
        private readonly IDisposable _server;
        private readonly ConcurrentQueue<long> _done = new();

        private Serving(LedgerTest test)
        {
            _test = test;
            var hints = new DeliveryHints(test.ConnectionString, "amnre hints test", [JobQueues.Of("test"), "plain"], TimeProvider.System,
                NullLogger<DeliveryHints>.Instance);
            Transport = new JobTransport(test.Database, NoPolling);
            _server = Transport.Serve(this, "test", [JobQueues.Of("test"), "plain"], TimeSpan.FromSeconds(5), hints);
            _hearing = hints.RunAsync(_stop.Token);
        }

        public static async Task<Serving> StartAsync(LedgerTest test)
        {
            // Counts looks, also those that find nothing.
            await test.ExecuteAsync(
                """
                create sequence looks;
                create function look() returns trigger language plpgsql as $$ begin perform nextval('looks'); return null; end $$;
                create trigger look before update of fetchedat on hangfire.jobqueue for each statement execute function look();
                """);
            return new Serving(test);
        }

        public JobTransport Transport { get; }

        public IEnumerable<long> Done => _done;

        /// <summary>What every delivery waits for.</summary>
        public Task Work { get; set; } = Task.CompletedTask;

        public async Task RunAsync(long jobId, CancellationToken cancel)
        {
            await Work;
            _done.Enqueue(jobId);
        }

        public async Task ListensAsync()
        {
            while (await _test.ScalarAsync<long>("select count(*) from pg_stat_activity where application_name like 'amnre hints%' and " +
                "query like 'listen%' and datname = current_database()") == 0) await Task.Delay(20, Cancel);
            // The look of the beginning and the one that comes with listening: neither sees what is put in from now on.
            while (await _test.ScalarAsync<long>("select case when is_called then last_value else 0 end from looks") < 2)
                await Task.Delay(20, Cancel);
        }

        public async Task HaveRunAsync(int count)
        {
            while (_done.Count < count) await Task.Delay(20, Cancel);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _hearing;
            _server.Dispose();
            _stop.Dispose();
        }
    }
}
