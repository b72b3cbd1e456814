using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Postgres;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Submissions;
using Amnre.Jobs.Transitions;
using Amnre.Jobs.Transport;
using Amnre.Jobs.Views;
using Amnre.Jobs.Workers;
using Amnre.Worker;
using Amnre.Worker.Hosting;
using Dapper;
using Npgsql;

namespace Amnre.Benchmarks;

/// <summary>What the ledger's own statements cost on a real PostgreSQL with many jobs and workers: docs/scale.md is written from this.
/// AMNRE_SCALE_JOBS and AMNRE_SCALE_WORKERS, 100 000 and 1 000, say how many.</summary>
/// <remarks>All jobs and workers are in the ledger; each worker has a session of its own that listens for hints; all other statements share eight connections.</remarks>
internal static class ScaleBenchmark
{
    internal const int Connections = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4), Lease = TimeSpan.FromSeconds(30);

    public static IEnumerable<string> Run()
    {
        using var folder = new ScratchFolder();
        return Task.Run(() => RunAsync(folder.Root)).GetAwaiter().GetResult();
    }

    private static async Task<List<string>> RunAsync(string folder)
    {
        var (jobs, workers) = (Asked("AMNRE_SCALE_JOBS", 100_000), Asked("AMNRE_SCALE_WORKERS", 1_000));
        await using var server = await PrivatePostgres.StartAsync(Path.Combine(folder, "postgres"), null, CancellationToken.None, connections: workers + 200);
        await using var database = LedgerDatabase.Open(server.ConnectionString, "benchmark");
        await LedgerSchema.MigrateAsync(database, CancellationToken.None);
        var lines = new List<string>();
        Say(await ConnectionsAsync(server.ConnectionString, database, folder));

        var store = new ArtifactStore(Path.Combine(folder, "store"));
        var empty = await SizeAsync(database);
        var begin = Stopwatch.GetTimestamp();
        var submitted = await new Submission(database, store).SubmitAsync(
            SubmissionBenchmark.Sweep("scale", jobs / 4), new SubmitOptions(), CancellationToken.None);
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        Say(Line($"submission of {jobs} jobs: {seconds:0.0} s, {jobs / seconds:0} jobs a second; the database grows by {(await SizeAsync(database) - empty) / (double)jobs:0} bytes a job"));

        var registry = new WorkerRegistry(database);
        var ids = Enumerable.Range(0, workers).Select(i => $"worker-{i}").ToArray();
        foreach (var id in ids) await registry.RegisterAsync(new WorkerEntry(id, "host", 1, 1, JobQueues.All, null), CancellationToken.None);
        var (tickets, dispatched) = await DispatchAsync(database, store, ids);
        dispatched.ForEach(Say);
        (await WorkersAsync(database, store, ids)).ForEach(Say);
        Say(await SettleAsync(database, store, submitted.ExperimentId, tickets));
        (await ViewsAsync(database, submitted.ExperimentId)).ForEach(Say);
        (await HintBenchmark.RunAsync(database, server.ConnectionString, ids)).ForEach(Say);
        return lines;

        // A run takes minutes: what is known is shown.
        void Say(string line)
        {
            Console.Error.WriteLine(line);
            lines.Add(line);
        }
    }

    /// <summary>What one worker process keeps open.</summary>
    private static async Task<string> ConnectionsAsync(string connectionString, NpgsqlDataSource database, string folder)
    {
        const int Workers = 4;
        using var leave = new CancellationTokenSource();
        var before = await CountAsync();
        var hosts = Enumerable.Range(0, Workers).Select(_ => Task.Run(() => WorkerHost.RunAsync(
            new WorkerOptions { ConnectionString = connectionString, StoreRoot = Path.Combine(folder, "store"), Executions = [] }, leave.Token))).ToList();
        await Task.Delay(TimeSpan.FromSeconds(8), TimeProvider.System);
        var held = await CountAsync() - before;
        await leave.CancelAsync();
        await Task.WhenAll(hosts);
        return Line($"an idle worker: {held / (double)Workers:0.0} connections");

        async Task<long> CountAsync()
        {
            await using var connection = await database.OpenConnectionAsync();
            return await connection.ExecuteScalarAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
        }
    }

    /// <summary>One round of the dispatcher that finds every worker idle, and what the workers make of it.</summary>
    private static async Task<(Queue<JobTicket> Tickets, List<string> Lines)> DispatchAsync(NpgsqlDataSource database, ArtifactStore store, string[] workers)
    {
        var ledger = new DispatchLedger(database);
        var transport = new JobTransport(database, TimeSpan.FromMilliseconds(200));
        PlacementSituation situation = null!;
        IReadOnlyList<PlaceableJob> candidates = null!;
        IReadOnlyList<Placed> placed = null!;
        var (silence, most) = (TimeSpan.FromMinutes(10), 0);
        // Read and decided several times, as the leader does it all the time, and written once.
        var situationTime = Pairs.Median(await TimesAsync(async () => situation = await ledger.SituationAsync(silence, CancellationToken.None)));
        most = JobQueues.All.Max(queue => situation.Room(queue, 2)) + 64;
        var lateTime = Pairs.Median(await TimesAsync(() => ledger.LateResultsAsync(most, CancellationToken.None)));
        var candidatesTime = Pairs.Median(await TimesAsync(async () => candidates = await ledger.CandidatesAsync(most, timed: false, CancellationToken.None)));
        var decideTime = Pairs.Median(await TimesAsync(() => Task.FromResult(placed = Placement.Decide(candidates, situation, 2))));
        var begin = Stopwatch.GetTimestamp();
        var taken = await ledger.TakeAsync(placed, CancellationToken.None);
        var takeTime = Stopwatch.GetElapsedTime(begin);
        begin = Stopwatch.GetTimestamp();
        await transport.EnqueueAsync([.. taken.Select(one => (one.Job.Id, one.Job.Queue))], Wakeups.Decide(taken, situation, 0), CancellationToken.None);
        var handed = Stopwatch.GetElapsedTime(begin);

        var attempts = new AttemptLedger(database, store);
        var tickets = new ConcurrentQueue<JobTicket>();
        begin = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(taken.Zip(workers), new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (pair, cancel) =>
        {
            if (await attempts.ClaimAsync(pair.First.Job.Id, pair.Second, TimeSpan.FromMinutes(30), cancel) is { } ticket) tickets.Enqueue(ticket);
        });
        var claimed = Stopwatch.GetElapsedTime(begin);
        return (new Queue<JobTicket>(tickets.OrderBy(ticket => ticket.Token)),
        [
            Line($"one round of dispatch with {workers.Length} idle workers: situation {situationTime * 1e3:0} ms, late results {lateTime * 1e3:0} ms, {candidates.Count} candidates {candidatesTime * 1e3:0} ms, placement {decideTime * 1e3:0} ms, taking {taken.Count} {takeTime.TotalMilliseconds:0} ms, handing them over {handed.TotalMilliseconds:0} ms ({taken.Count / handed.TotalSeconds:0} a second)"),
            Line($"claims: {tickets.Count / claimed.TotalSeconds:0} a second over {Connections} connections"),
        ]);
    }

    private static async Task<List<string>> WorkersAsync(NpgsqlDataSource database, ArtifactStore store, string[] workers)
    {
        await using var connection = await database.OpenConnectionAsync();
        var held = (await connection.QueryAsync<(long Token, string Worker)>("select token, worker from amnre.attempts where ended_at is null")).ToArray();
        var attempts = new AttemptLedger(database, store);
        var beats = await RateAsync(i => attempts.Beat(
            held[i % held.Length].Worker, held[i % held.Length].Token, Lease, new ReportedProgress(i, 1e9, "steps", new Dictionary<string, double> { ["loss"] = 1 })));
        var idle = await RateAsync(i => attempts.Beat(workers[i % workers.Length], null, Lease, null));
        return [Line($"heartbeats with progress: {beats:0} a second over {Connections} connections; without a job {idle:0}")];
    }

    /// <summary>What workers tell of their ends, and the scheduler's conclusions from them.</summary>
    private static async Task<string> SettleAsync(NpgsqlDataSource database, ArtifactStore store, long experiment, Queue<JobTicket> tickets)
    {
        var graph = new GraphLedger(database);
        var attempts = new AttemptLedger(database, store);
        var times = new List<double>();
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        var (rate, many) = (0.0, tickets.Count / 2);
        foreach (var ended in (int[])[1, 1, 1, 1, many])
        {
            var begin = Stopwatch.GetTimestamp();
            await Parallel.ForEachAsync(Enumerable.Range(0, ended).Select(_ => tickets.Dequeue()).ToList(), new ParallelOptions { MaxDegreeOfParallelism = Connections },
                async (ticket, cancel) => await attempts.CommitAsync(ticket, [.. ticket.Outputs.Select(output => new ArtifactRecord(
                    output.Name, $"artifacts/{ticket.Fingerprint.Text}/{ticket.Token}/{output.Name}", 1, ticket.Fingerprint.Text, Measured: false))], cancel));
            rate = ended / Stopwatch.GetElapsedTime(begin).TotalSeconds;
            begin = Stopwatch.GetTimestamp();
            await graph.SettleAsync(experiment, new RetryPolicy(), CancellationToken.None);
            times.Add(Stopwatch.GetElapsedTime(begin).TotalSeconds * 1e3);
            if (times.Count == 1) memory = GC.GetTotalMemory(forceFullCollection: true) - memory;
        }

        return Line($"ends with a result: {rate:0} a second over {Connections} connections; conclusions: {times[0]:0} ms for the first of a process, which reads the plan and keeps {memory / 1e6:0} MB of it; then {Pairs.Median(times[1..4]):0.0} ms for one ended attempt, {times[4]:0.0} ms for {many} at once");
    }

    private static async Task<List<string>> ViewsAsync(NpgsqlDataSource database, long experiment)
    {
        var (views, queues) = (new ExperimentViews(database), new QueueViews(database));
        JobState[][] sections = [[JobState.Failed], [JobState.Running], [JobState.Ready, JobState.Queued], [JobState.Waiting], [JobState.Succeeded, JobState.Reused], [JobState.Skipped, JobState.Cancelled]];
        var list = await TimesAsync(() => views.ListAsync(50, CancellationToken.None));
        var page = await TimesAsync(async () =>
        {
            await views.SummaryAsync(experiment, CancellationToken.None);
            foreach (var states in sections) await views.JobsAsync(experiment, states, -1, 40, CancellationToken.None);
            await views.WarningsAsync(experiment, 50, CancellationToken.None);
            await queues.SpentAsync(experiment, CancellationToken.None);
            await queues.EventsAsync(experiment, null, 30, CancellationToken.None);
        });
        var queue = Pairs.Median(await TimesAsync(() => queues.QueueAsync(0, 100, CancellationToken.None)));
        var workers = Pairs.Median(await TimesAsync(() => views.WorkersAsync(CancellationToken.None)));
        var figures = Pairs.Median(await TimesAsync(() => LedgerFigures.ReadAsync(database, CancellationToken.None)));
        var begin = Stopwatch.GetTimestamp();
        await views.SnapshotAsync(experiment, CancellationToken.None);
        return
        [
            Line($"dashboard: the list of experiments {list[0] * 1e3:0} ms when jobs are counted, else {list[^1] * 1e3:0} ms; the page of one experiment {page[0] * 1e3:0} ms, then {page[^1] * 1e3:0} ms; the queue {queue * 1e3:0} ms, the workers {workers * 1e3:0} ms, the figures for monitoring {figures * 1e3:0} ms"),
            Line($"one experiment with all its jobs, as the API gives it and 'amnre status' reads it: {Stopwatch.GetElapsedTime(begin).TotalSeconds:0.0} s"),
        ];
    }

    internal static async Task<List<double>> TimesAsync(Func<Task> work)
    {
        var times = new List<double>();
        for (var i = 0; i < 3; i++)
        {
            var begin = Stopwatch.GetTimestamp();
            await work();
            times.Add(Stopwatch.GetElapsedTime(begin).TotalSeconds);
        }

        return times;
    }

    /// <summary>Calls a second over as many connections as are taken for all statements of all workers.</summary>
    internal static async Task<double> RateAsync(Action<int> call)
    {
        var done = 0;
        var begin = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Factory.StartNew(() =>
        {
            while (Stopwatch.GetElapsedTime(begin) < Patience) call(Interlocked.Increment(ref done));
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        return done / Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    private static async Task<long> SizeAsync(NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>("select pg_database_size(current_database())");
    }

    private static int Asked(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var asked) ? asked : otherwise;

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
