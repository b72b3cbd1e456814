using System.Globalization;
using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Transport;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Amnre.Benchmarks;

/// <summary>What it takes to tell many idle workers that there is something to do: each listens on a session of its own, and looks into its queues when it
/// is told, as the transport does; the looks share the pool of the given database.</summary>
internal static class HintBenchmark
{
    /// <summary>As the transport fetches.</summary>
    private const string LookSql =
        """
        update hangfire.jobqueue set fetchedat = now() where id = (
          select id from hangfire.jobqueue where queue = any(@queues) and fetchedat is null order by queue, id for update skip locked limit 1) returning id
        """;

    public static async Task<List<string>> RunAsync(NpgsqlDataSource database, string connectionString, string[] workers)
    {
        const int AnyJob = 10, SomeIdle = 50;
        var transport = new JobTransport(database, TimeSpan.FromHours(1));
        await using (var connection = await database.OpenConnectionAsync()) await connection.ExecuteAsync("delete from hangfire.jobqueue");
        var alone = await NotifyRateAsync(database);

        using var stop = new CancellationTokenSource();
        var (looks, sessions, some) = (0L, new List<Task>(), 0.0);
        foreach (var worker in workers)
        {
            string[] queues = [JobQueues.Of(worker), .. JobQueues.All];
            var hints = new DeliveryHints(connectionString, $"hints {worker}", queues, TimeProvider.System, NullLogger<DeliveryHints>.Instance)
            {
                Hinted = () => _ = Task.Run(async () =>
                {
                    await using var connection = await database.OpenConnectionAsync();
                    await connection.ExecuteAsync(LookSql, new { queues });
                    Interlocked.Increment(ref looks);
                }),
            };
            sessions.Add(hints.RunAsync(stop.Token));
            if (sessions.Count % 10 == 0) await LookedAsync(sessions.Count); // Sessions begin with a look.
            if (sessions.Count == SomeIdle) some = await NotifyRateAsync(database);
        }

        await LookedAsync(workers.Length);
        var backends = Memory(await PidsAsync(database));
        var listened = await NotifyRateAsync(database);
        var all = await ScaleBenchmark.TimesAsync(() => ToldAsync(new Jobs.Dispatching.Hints([JobQueues.Cpu], []), workers.Length));
        var few = await ScaleBenchmark.TimesAsync(() => ToldAsync(new Jobs.Dispatching.Hints([], [.. workers.Take(3)]), 3));
        await stop.CancelAsync();
        await Task.WhenAll(sessions);
        return
        [
            Line($"{workers.Length} sessions that listen: {backends / 1e6:0.0} MB of the server each; statements with a hint {alone:0} a second over {ScaleBenchmark.Connections} connections without them, {some:0} with {SomeIdle} of them, {listened:0} with all"),
            Line($"one delivery: told to the {workers.Length} workers of its queue, all have looked after {Pairs.Median(all) * 1e3:0} ms and {workers.Length} statements; told to 3 of them, after {Pairs.Median(few) * 1e3:0} ms and 3 statements"),
        ];

        async Task ToldAsync(Jobs.Dispatching.Hints hints, int told)
        {
            var before = Interlocked.Read(ref looks);
            await transport.EnqueueAsync([(AnyJob, JobQueues.Cpu)], hints, CancellationToken.None);
            await LookedAsync(before + told);
        }

        async Task LookedAsync(long count)
        {
            while (Interlocked.Read(ref looks) < count) await Task.Delay(1);
        }
    }

    private static async Task<double> NotifyRateAsync(NpgsqlDataSource database) => await ScaleBenchmark.RateAsync(_ =>
    {
        using var connection = database.OpenConnection();
        connection.Execute("select pg_notify('amnre', 'ended')");
    });

    private static async Task<IReadOnlyList<int>> PidsAsync(NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<int>("select pid from pg_stat_activity where application_name like 'hints %'")];
    }

    /// <returns>Private bytes of a server process, on average; 0 where the system does not tell.</returns>
    private static double Memory(IReadOnlyList<int> pids) => pids.Average(pid =>
    {
        try
        {
            return File.ReadLines($"/proc/{pid}/smaps_rollup").Where(line => line.StartsWith("Private_", StringComparison.Ordinal))
                .Sum(line => 1024 * double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    });

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
