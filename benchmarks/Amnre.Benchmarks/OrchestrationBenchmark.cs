using System.Diagnostics;
using System.Globalization;
using Amnre.Engine;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Postgres;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Submissions;
using Amnre.Jobs.Transport;
using Amnre.Scheduler.Hosting;
using Amnre.Worker.Execution;
using Amnre.Worker.Hosting;
using Dapper;
using Npgsql;

namespace Amnre.Benchmarks;

/// <summary>Jobs that do nothing, through everything that surrounds a job, against the bare transport with as many workers;
/// and how soon a child starts when its parent ends.</summary>
internal static class OrchestrationBenchmark
{
    private const int Jobs = 400, Chain = 60, Workers = 2;

    public static IEnumerable<string> Run()
    {
        var folder = Directory.CreateTempSubdirectory("amnre-benchmark-").FullName;
        var lines = Task.Run(() => RunAsync(folder)).GetAwaiter().GetResult();
        Directory.Delete(folder, recursive: true);
        return lines;
    }

    private static async Task<List<string>> RunAsync(string folder)
    {
        await using var server = await PrivatePostgres.StartAsync(Path.Combine(folder, "postgres"), null, CancellationToken.None);
        await using var database = LedgerDatabase.Open(server.ConnectionString, "benchmark");
        await LedgerSchema.MigrateAsync(database, CancellationToken.None);
        var bare = await BareAsync(database);

        var root = Path.Combine(folder, "store");
        using var leave = new CancellationTokenSource();
        List<Task> hosts =
        [
            SchedulerHost.RunAsync(new SchedulerOptions { ConnectionString = server.ConnectionString, StoreRoot = root }, leave.Token),
            .. Enumerable.Range(0, Workers).Select(_ => Task.Run(() => WorkerHost.RunAsync(
                new WorkerOptions { ConnectionString = server.ConnectionString, StoreRoot = root, Executions = [new Nothing()] }, leave.Token))),
        ];
        var submission = new Submission(database, new ArtifactStore(root));
        await FinishAsync(database, submission, Plan("warm", 20, chained: false));
        var whole = await FinishAsync(database, submission, Plan("many", Jobs, chained: false));
        await FinishAsync(database, submission, Plan("chain", Chain, chained: true));
        await using var connection = await database.OpenConnectionAsync();
        var gaps = (await connection.QueryAsync<double>(
            """
            select extract(epoch from c.started_at - p.ended_at)::float8 * 1000 from amnre.edges e
            join amnre.attempts p on p.job_id = e.producer_id join amnre.attempts c on c.job_id = e.job_id order by 1
            """)).ToArray();
        // The server counts what an idle session did up to ten seconds later.
        await Task.Delay(TimeSpan.FromSeconds(12), TimeProvider.System);
        var statements = await StatementsAsync(database);
        await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System);
        var idle = (await StatementsAsync(database) - statements) / 10.0;
        await leave.CancelAsync();
        await Task.WhenAll(hosts);
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"jobs that do nothing, {Workers} workers: {Jobs / whole:0} a second; the bare transport {Jobs / bare:0} ({bare / whole:P0} of its rate)"),
            string.Create(CultureInfo.InvariantCulture, $"parent ended to child started: median {gaps[gaps.Length / 2]:0} ms, 95 % within {gaps[gaps.Length * 95 / 100]:0} ms, most {gaps[^1]:0} ms"),
            string.Create(CultureInfo.InvariantCulture, $"idle, scheduler and {Workers} workers: {idle:0.0} transactions a second"),
        ];
    }

    /// <summary>Seconds for as many deliveries without a ledger.</summary>
    private static async Task<double> BareAsync(NpgsqlDataSource database)
    {
        var transport = new JobTransport(database, TimeSpan.FromMilliseconds(200));
        var counter = new Counter(Jobs);
        var servers = Enumerable.Range(0, Workers).Select(i => transport.Serve(counter, $"bare-{i}", ["bare"], TimeSpan.FromSeconds(5))).ToList();
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < Jobs; i++) transport.Enqueue(i, "bare");
        await counter.Reached;
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        foreach (var server in servers) server.Dispose();
        return seconds;
    }

    private static async Task<double> FinishAsync(NpgsqlDataSource database, Submission submission, ExperimentPlan plan)
    {
        var begin = Stopwatch.GetTimestamp();
        await submission.SubmitAsync(plan, new SubmitOptions(), CancellationToken.None);
        while (true)
        {
            await using var connection = await database.OpenConnectionAsync();
            var state = await connection.QuerySingleAsync<string>("select state from amnre.experiments where name = @Name", new { plan.Name });
            if (state == "succeeded") return Stopwatch.GetElapsedTime(begin).TotalSeconds;
            if (state != "running") throw new InvalidOperationException($"the benchmark's experiment {plan.Name} ended {state}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    private static async Task<long> StatementsAsync(NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>("select xact_commit + xact_rollback from pg_stat_database where datname = current_database()");
    }

    private static ExperimentPlan Plan(string name, int count, bool chained) => new(name, "", [.. Enumerable.Range(0, count).Select(i =>
    {
        var settings = $$"""{"of":"{{name}}","value":{{i}}}""";
        return new JobSpec
        {
            Name = $"job/{i}",
            Kind = JobKind.Sample,
            Settings = settings,
            Key = settings,
            Fingerprint = Fingerprint.Of(settings),
            Inputs = chained && i > 0 ? [new JobInput("in", $"job/{i - 1}", "out.txt")] : [],
            // A chain hands a file on; the others make nothing, as the bare transport's do.
            Outputs = chained ? [new JobOutput("out.txt", null)] : [],
        };
    })]);

    private sealed class Nothing : IJobExecution
    {
        public JobKind Kind => JobKind.Sample;

        public RunEnd Run(JobTicket ticket, RunContext context)
        {
            if (ticket.Outputs.Count > 0) File.WriteAllText(Path.Combine(ticket.OutputDirectory, "out.txt"), ticket.Name);
            return RunEnd.Completed;
        }
    }

    private sealed class Counter(int goal) : IJobRunner
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _done;

        public Task Reached => _reached.Task;

        public Task RunAsync(long jobId, CancellationToken cancel)
        {
            if (Interlocked.Increment(ref _done) == goal) _reached.SetResult();
            return Task.CompletedTask;
        }
    }
}
