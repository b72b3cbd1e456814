using System.Diagnostics;
using System.Globalization;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Postgres;
using Amnre.Jobs.Submissions;
using Amnre.Jobs.Transport;
using Amnre.Jobs.Views;
using Amnre.Worker.Hosting;
using Dapper;
using Npgsql;

namespace Amnre.Benchmarks;

/// <summary>What the ledger's own statements cost on a real PostgreSQL with many jobs and workers: docs/scale.md is written from this.
/// AMNRE_SCALE_JOBS and AMNRE_SCALE_WORKERS, 100 000 and 1 000, say how many.</summary>
internal static class ScaleBenchmark
{
    private const int Connections = 8, Pollers = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4), Lease = TimeSpan.FromSeconds(30);

    public static IEnumerable<string> Run()
    {
        var folder = Directory.CreateTempSubdirectory("amnre-benchmark-").FullName;
        var lines = Task.Run(() => RunAsync(folder)).GetAwaiter().GetResult();
        Directory.Delete(folder, recursive: true);
        return lines;
    }

    private static async Task<List<string>> RunAsync(string folder)
    {
        var (jobs, workers) = (Asked("AMNRE_SCALE_JOBS", 100_000), Asked("AMNRE_SCALE_WORKERS", 1_000));
        await using var server = await PrivatePostgres.StartAsync(Path.Combine(folder, "postgres"), null, CancellationToken.None);
        await using var database = LedgerDatabase.Open(server.ConnectionString, "benchmark");
        await LedgerSchema.MigrateAsync(database, CancellationToken.None);
        var lines = new List<string> { await ConnectionsAsync(server.ConnectionString, database, folder) };

        var store = new ArtifactStore(Path.Combine(folder, "store"));
        var empty = await SizeAsync(database);
        var begin = Stopwatch.GetTimestamp();
        var submitted = await new Submission(database, store).SubmitAsync(
            SubmissionBenchmark.Sweep("scale", jobs / 4), new SubmitOptions(), CancellationToken.None);
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        lines.Add(Line($"submission of {jobs} jobs: {seconds:0.0} s, {jobs / seconds:0} jobs a second; the database grows by {(await SizeAsync(database) - empty) / (double)jobs:0} bytes a job"));

        var registry = new WorkerRegistry(database);
        var ids = Enumerable.Range(0, workers).Select(i => $"worker-{i}").ToArray();
        foreach (var id in ids) await registry.RegisterAsync(new WorkerEntry(id, "host", 1, 1, JobQueues.All, null), CancellationToken.None);
        lines.AddRange(await DispatchAsync(database, store, ids));
        lines.AddRange(await WorkersAsync(database, store, server.ConnectionString, ids));
        lines.AddRange(await SettleAsync(database, store, submitted.ExperimentId, ids));
        lines.AddRange(await ViewsAsync(database, submitted.ExperimentId));
        return lines;
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
        var at = await TransactionsAsync(database);
        await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System);
        var idle = (await TransactionsAsync(database) - at) / 10.0 / Workers;
        await leave.CancelAsync();
        await Task.WhenAll(hosts);
        return Line($"an idle worker: {held / (double)Workers:0.0} connections, {idle:0.0} transactions a second");

        async Task<long> CountAsync()
        {
            await using var connection = await database.OpenConnectionAsync();
            return await connection.ExecuteScalarAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
        }
    }

    /// <summary>One round of the dispatcher that finds every worker idle.</summary>
    private static async Task<List<string>> DispatchAsync(NpgsqlDataSource database, ArtifactStore store, string[] workers)
    {
        var ledger = new DispatchLedger(database);
        var transport = new JobTransport(database, TimeSpan.FromMilliseconds(200));
        var begin = Stopwatch.GetTimestamp();
        var situation = await ledger.SituationAsync(TimeSpan.FromMinutes(10), CancellationToken.None);
        var situationTime = Stopwatch.GetElapsedTime(begin);
        var candidates = await ledger.CandidatesAsync(JobQueues.All.Max(queue => situation.Room(queue, 2)) + 64, timed: false, CancellationToken.None);
        var candidatesTime = Stopwatch.GetElapsedTime(begin) - situationTime;
        var placed = Placement.Decide(candidates, situation, 2);
        var decided = Stopwatch.GetElapsedTime(begin) - situationTime - candidatesTime;
        var taken = await ledger.TakeAsync(placed, CancellationToken.None);
        var takeTime = Stopwatch.GetElapsedTime(begin) - situationTime - candidatesTime - decided;
        var handing = Stopwatch.GetTimestamp();
        await transport.EnqueueAsync([.. taken.Select(one => (one.Job.Id, one.Job.Queue))], CancellationToken.None);
        var handed = Stopwatch.GetElapsedTime(handing);

        var attempts = new AttemptLedger(database, store);
        var claiming = Stopwatch.GetTimestamp();
        var claims = taken.Take(workers.Length).ToList();
        await Parallel.ForEachAsync(claims.Zip(workers), new ParallelOptions { MaxDegreeOfParallelism = Connections },
            async (pair, cancel) => _ = await attempts.ClaimAsync(pair.First.Job.Id, pair.Second, TimeSpan.FromMinutes(30), cancel));
        var claimed = Stopwatch.GetElapsedTime(claiming);
        return
        [
            Line($"one round of dispatch with {workers.Length} idle workers: situation {situationTime.TotalMilliseconds:0} ms, candidates {candidatesTime.TotalMilliseconds:0} ms, placement {decided.TotalMilliseconds:0} ms, taking {takeTime.TotalMilliseconds:0} ms; handing over {taken.Count} jobs {handed.TotalSeconds:0.0} s ({taken.Count / handed.TotalSeconds:0} a second)"),
            Line($"claims: {claims.Count / claimed.TotalSeconds:0} a second over {Connections} connections"),
        ];
    }

    private static async Task<List<string>> WorkersAsync(NpgsqlDataSource database, ArtifactStore store, string connectionString, string[] workers)
    {
        await using var connection = await database.OpenConnectionAsync();
        var held = (await connection.QueryAsync<(long Token, string Worker)>("select token, worker from amnre.attempts where ended_at is null")).ToArray();
        var attempts = new AttemptLedger(database, store);
        var beats = await RateAsync(i => attempts.Beat(
            held[i % held.Length].Worker, held[i % held.Length].Token, Lease, new ReportedProgress(i, 1e9, "steps", new Dictionary<string, double> { ["loss"] = 1 })));
        var idle = await RateAsync(i => attempts.Beat(workers[i % workers.Length], null, Lease, null));

        // The transport's own question, as often as it lets itself be asked.
        await connection.ExecuteAsync("delete from hangfire.jobqueue");
        await using var pool = LedgerDatabase.OpenForTransport(connectionString, "polling");
        var transport = new JobTransport(pool, TimeSpan.FromMilliseconds(50));
        var servers = Enumerable.Range(0, Pollers).Select(i => transport.Serve(new NoRunner(), $"poll-{i}", JobQueues.All, TimeSpan.FromSeconds(5))).ToList();
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
        var before = await TransactionsAsync(database);
        var begin = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(12), TimeProvider.System);
        var polls = (await TransactionsAsync(database) - before) / Stopwatch.GetElapsedTime(begin).TotalSeconds;
        foreach (var one in servers) one.Dispose();
        return
        [
            Line($"heartbeats with progress: {beats:0} a second over {Connections} connections; without a job {idle:0}"),
            Line($"polls of an empty queue: {polls:0} transactions a second, of {Pollers * 20} that {Pollers} workers ask for at 50 ms"),
        ];
    }

    /// <summary>The scheduler's conclusion from one ended attempt: it reads where every job of the experiment stands.</summary>
    private static async Task<List<string>> SettleAsync(NpgsqlDataSource database, ArtifactStore store, long experiment, string[] workers)
    {
        var graph = new GraphLedger(database);
        var attempts = new AttemptLedger(database, store);
        await using var connection = await database.OpenConnectionAsync();
        var held = (await connection.QueryAsync<long>("select token from amnre.attempts where ended_at is null order by token")).ToArray();
        var times = new List<double>();
        var next = 0;
        foreach (var ended in (int[])[1, 1, 1, Math.Min(256, workers.Length / 2)])
        {
            for (var i = 0; i < ended; i++) await attempts.EndAsync(held[next++], AttemptOutcome.Drained, null, null, CancellationToken.None);
            var begin = Stopwatch.GetTimestamp();
            await graph.SettleAsync(experiment, new RetryPolicy(), CancellationToken.None);
            times.Add(Stopwatch.GetElapsedTime(begin).TotalSeconds);
        }

        return [Line($"conclusions: {times[0]:0.00} s for the first of a process, which reads the plan; then {times[1]:0.00} and {times[2]:0.00} s for one ended attempt, {times[3]:0.00} s for {Math.Min(256, workers.Length / 2)} at once")];
    }

    private static async Task<List<string>> ViewsAsync(NpgsqlDataSource database, long experiment)
    {
        var views = new ExperimentViews(database);
        var list = Pairs.Median(await TimesAsync(async () => await views.ListAsync(50, CancellationToken.None)));
        var snapshot = Pairs.Median(await TimesAsync(async () => await views.SnapshotAsync(experiment, CancellationToken.None)));
        var workers = Pairs.Median(await TimesAsync(async () => await views.WorkersAsync(CancellationToken.None)));
        return [Line($"dashboard: the list of experiments {list * 1e3:0} ms, one experiment with all its jobs {snapshot:0.00} s, the workers {workers * 1e3:0} ms")];
    }

    private static async Task<List<double>> TimesAsync(Func<Task> work)
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

    private static async Task<double> RateAsync(Action<int> call)
    {
        var done = 0;
        var begin = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Factory.StartNew(() =>
        {
            while (Stopwatch.GetElapsedTime(begin) < Patience) call(Interlocked.Increment(ref done));
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        return done / Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    private static async Task<long> TransactionsAsync(NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>("select xact_commit + xact_rollback from pg_stat_database where datname = current_database()");
    }

    private static async Task<long> SizeAsync(NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>("select pg_database_size(current_database())");
    }

    private static int Asked(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var asked) ? asked : otherwise;

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class NoRunner : IJobRunner
    {
        public Task RunAsync(long jobId, CancellationToken cancel) => Task.CompletedTask;
    }
}
