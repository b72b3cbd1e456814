using System.Diagnostics;
using System.Globalization;
using Amnre.Engine;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Postgres;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Submissions;
using Amnre.Scheduler;
using Amnre.Scheduler.Hosting;
using Amnre.Worker;
using Amnre.Worker.Hosting;
using Amnre.Worker.Kinds;
using Dapper;
using Npgsql;

namespace Amnre.Benchmarks;

/// <summary>Jobs that do nothing, through everything that surrounds a job, against the bare transport with as many workers on the same
/// database; how soon a child starts when its parent ends; and what a cluster costs that has nothing to do.</summary>
/// <remarks>Ours: the scheduler hands each job out, a worker claims it, logs it, commits its end, and the scheduler concludes; submission and
/// start-up are outside the window, as filling the queue is for the bare transport. Both wait for the disk at each commit that promises something:
/// all of the bare transport's do, since without a ledger its rows are all there is. Its rate without such waits is given beside.</remarks>
internal static class OrchestrationBenchmark
{
    private const int Warm = 100, Jobs = 1000, Pairs = 3, Chain = 60, Workers = 2, Backlog = 50_000, IdleWorkers = 50;

    /// <summary>The first argument of a process that is to be a scheduler and nothing else; its settings come by the environment.</summary>
    public const string SchedulerVerb = "--scheduler";

    public static IEnumerable<string> Run()
    {
        using var folder = new ScratchFolder();
        return Task.Run(() => RunAsync(folder.Root)).GetAwaiter().GetResult();
    }

    /// <summary>Schedules until standard input closes.</summary>
    public static void Schedule()
    {
        using var leave = new CancellationTokenSource();
        var scheduler = Task.Run(() => SchedulerHost.RunAsync(new SchedulerOptions
        {
            ConnectionString = Environment.GetEnvironmentVariable("AMNRE_POSTGRES")!,
            StoreRoot = Environment.GetEnvironmentVariable("AMNRE_STORE")!,
        }, leave.Token));
        Console.In.ReadToEnd();
        leave.Cancel();
        scheduler.Wait();
    }

    private static async Task<List<string>> RunAsync(string folder)
    {
        await using var server = await PrivatePostgres.StartAsync(Path.Combine(folder, "postgres"), null, CancellationToken.None);
        await using var database = LedgerDatabase.Open(server.ConnectionString, "benchmark");
        await using var unwaited = LedgerDatabase.OpenForTransport(server.ConnectionString, "benchmark");
        await LedgerSchema.MigrateAsync(database, CancellationToken.None);
        var root = Path.Combine(folder, "store");
        return [.. await BusyAsync(server.ConnectionString, database, unwaited, root), await IdleAsync(server.ConnectionString, database, root)];
    }

    private static async Task<IReadOnlyList<string>> BusyAsync(string connectionString, NpgsqlDataSource database, NpgsqlDataSource unwaited, string root)
    {
        using var leave = new CancellationTokenSource();
        var worker = new WorkerOptions { ConnectionString = connectionString, StoreRoot = root, Executions = [new Nothing()] };
        List<Task> hosts =
        [
            SchedulerHost.RunAsync(new SchedulerOptions { ConnectionString = connectionString, StoreRoot = root }, leave.Token),
            .. Enumerable.Range(0, Workers).Select(_ => Task.Run(() => WorkerHost.RunAsync(worker, leave.Token))),
        ];
        var submission = new Submission(database, new ArtifactStore(root));
        await FinishAsync(database, submission, Plan("warm", Warm, chained: false));
        List<(double Ours, double Bare, double Unwaited)> rates = [];
        for (var pair = 0; pair < Pairs; pair++)
        {
            var bare = await BareTransport.RateAsync(database, Workers, Warm, Jobs, worker.PollInterval);
            var loose = await BareTransport.RateAsync(unwaited, Workers, Warm, Jobs, worker.PollInterval);
            rates.Add((await FinishAsync(database, submission, Plan($"many{pair}", Warm + Jobs, chained: false)), bare, loose));
        }

        // Urgent jobs while a great many others wait.
        var backlog = await submission.SubmitAsync(Plan("backlog", Backlog, chained: false), new SubmitOptions { Priority = -1 }, CancellationToken.None);
        var crowded = await FinishAsync(database, submission, Plan("urgent", Warm + Jobs, chained: false));
        await new Interventions(database, new ArtifactStore(root)).CancelAsync(backlog.ExperimentId, CancellationToken.None);
        await FinishAsync(database, submission, Plan("chain", Chain, chained: true));
        await using var connection = await database.OpenConnectionAsync();
        var gaps = (await connection.QueryAsync<double>(
            """
            select extract(epoch from c.started_at - p.ended_at)::float8 * 1000 from amnre.edges e
            join amnre.attempts p on p.job_id = e.producer_id join amnre.attempts c on c.job_id = e.job_id order by 1
            """)).ToArray();
        await leave.CancelAsync();
        await Task.WhenAll(hosts);
        var ours = Benchmarks.Pairs.Median(rates.Select(rate => rate.Ours));
        var against = string.Join(", ", rates.Select(rate => Line($"{rate.Ours:0} to {rate.Bare:0} and {rate.Unwaited:0}")));
        return
        [
            Line($"jobs that do nothing, {Workers} workers: {ours:0} a second, {Benchmarks.Pairs.Median(rates.Select(rate => rate.Ours / rate.Bare)):P0} of what the bare transport does with as many workers and the same waiting for the disk, {Benchmarks.Pairs.Median(rates.Select(rate => rate.Ours / rate.Unwaited)):P0} of what it does without waiting ({against})"),
            Line($"the same with {Backlog} jobs waiting behind them: {crowded:0} a second ({ours / crowded:0.00} times the cost)"),
            Line($"parent ended to child started: median {gaps[gaps.Length / 2]:0} ms, 95 % within {gaps[gaps.Length * 95 / 100]:0} ms, most {gaps[^1]:0} ms"),
        ];
    }

    /// <summary>A scheduler in a process of its own, whose time on the processor is read, and all the workers in this one.</summary>
    private static async Task<string> IdleAsync(string connectionString, NpgsqlDataSource database, string root)
    {
        const int Seconds = 60;
        using var scheduler = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [SchedulerVerb])
        {
            RedirectStandardInput = true,
            Environment = { ["AMNRE_POSTGRES"] = connectionString, ["AMNRE_STORE"] = root },
        })!;
        using var leave = new CancellationTokenSource();
        var workers = Enumerable.Range(0, IdleWorkers).Select(_ => Task.Run(() => WorkerHost.RunAsync(
            new WorkerOptions { ConnectionString = connectionString, StoreRoot = root, Executions = [new Nothing()] }, leave.Token))).ToList();
        while (await CountAsync(database, "select count(*) from amnre.workers where ended_at is null") < IdleWorkers) await Task.Delay(200);

        // The server counts what an idle session did up to ten seconds later, and a young process compiles its busiest methods again.
        await Task.Delay(TimeSpan.FromSeconds(45), TimeProvider.System);
        const string Transactions = "select xact_commit + xact_rollback from pg_stat_database where datname = current_database()";
        scheduler.Refresh();
        var (before, processor) = (await CountAsync(database, Transactions), scheduler.TotalProcessorTime);
        await Task.Delay(TimeSpan.FromSeconds(Seconds), TimeProvider.System);
        scheduler.Refresh();
        var (after, spent) = (await CountAsync(database, Transactions), scheduler.TotalProcessorTime - processor);
        scheduler.StandardInput.Close();
        await leave.CancelAsync();
        await Task.WhenAll([.. workers, scheduler.WaitForExitAsync()]);
        return Line($"idle, scheduler and {IdleWorkers} workers: {(after - before) / (double)Seconds:0.0} transactions a second, {spent.TotalSeconds / Seconds:0.00%} of a core for the scheduler (a process of its own; the workers share one)");
    }

    /// <returns>Jobs a second, from the end of the last that warms up to the end of the last of all.</returns>
    private static async Task<double> FinishAsync(NpgsqlDataSource database, Submission submission, ExperimentPlan plan)
    {
        await submission.SubmitAsync(plan, new SubmitOptions(), CancellationToken.None);
        while (true)
        {
            await using var connection = await database.OpenConnectionAsync();
            var (id, state) = await connection.QuerySingleAsync<(long, string)>("select id, state from amnre.experiments where name = @Name", new { plan.Name });
            if (state is not "running" and not "succeeded") throw new InvalidOperationException($"the benchmark's experiment {plan.Name} ended {state}");
            if (state == "succeeded")
            {
                return await connection.ExecuteScalarAsync<double?>(
                    """
                    select (count(*) - 1) / extract(epoch from max(ended_at) - min(ended_at))::float8 from (
                      select a.ended_at from amnre.attempts a join amnre.jobs j on j.id = a.job_id where j.experiment_id = @id order by a.ended_at offset @Warm) a
                    """, new { id, Warm }) ?? 0;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }
    }

    private static async Task<long> CountAsync(NpgsqlDataSource database, string sql)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(sql);
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

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
}
