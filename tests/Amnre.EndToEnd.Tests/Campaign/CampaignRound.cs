using System.Security.Cryptography;
using Amnre.Jobs.Views;
using Dapper;
using Npgsql;

namespace Amnre.EndToEnd.Tests.Campaign;

/// <summary>A study run from beginning to end while faults strike, or while none does.</summary>
/// <param name="seed">Of the order and the times of the faults; null leaves the study undisturbed.</param>
internal sealed class CampaignRound(Stage stage, string experimentFile, long? seed)
{
    private const string NetworkCut = "network of a worker cut beyond its lease";
    private const int SigStop = 19;
    private const int SigCont = 18;

    /// <summary>So many faults strike while trainings are under way, however quick the machine is.</summary>
    public const int LeastStrikes = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private readonly Random _random = new((int)(seed ?? 0));
    private readonly List<Strike> _strikes = [];
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private readonly List<Task> _repairs = [];

    private double Seconds => TimeProvider.System.GetElapsedTime(_started).TotalSeconds;

    public async Task<RoundReport> RunAsync(CancellationToken stop)
    {
        if (seed is not null) await HeldTrainings.HoldAsync(stage.ConnectionString, stop);
        var held = seed is not null;
        stage.StartScheduler();
        stage.StartWorker();
        stage.StartWorker();
        stage.StartRemoteWorker();
        await SubmitAsync(stop);
        var errors = seed is null ? [] : ErrorsAsync(stop);
        var kinds = new Queue<(string Kind, Func<CancellationToken, Task> Strike)>(errors);
        var nextAt = 4 + (_random.NextDouble() * 2);
        var state = "running";
        while (state == "running")
        {
            await Task.Delay(100, stop);
            if (Seconds > Patience.TotalSeconds)
                throw new TimeoutException($"seed {seed}: no end within {Patience}\n{await StandAsync(stop)}\n{stage.Printed()}");
            if (Seconds >= nextAt && kinds.TryDequeue(out var next))
            {
                if (await StrikeAsync(next.Kind, next.Strike, stop))
                {
                    nextAt = Seconds + 1 + (_random.NextDouble() * 2.5);
                }
                else
                {
                    kinds.Enqueue(next);
                }
            }

            stage.Replace();
            if (held && _strikes.Count >= LeastStrikes) held = !await LetGoAsync(stop);
            await WatchRecoveriesAsync(stop);
            state = await AskAsync("select state from amnre.experiments order by id desc limit 1", "running", stop);
        }

        await Task.WhenAll(_repairs);
        return await ReportAsync(state, stop);
    }

    /// <returns>False while the database is away.</returns>
    private async Task<bool> LetGoAsync(CancellationToken stop)
    {
        try
        {
            await HeldTrainings.LetGoAsync(stage.ConnectionString, stop);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>Each kind once, in an order of this seed's.</summary>
    private (string, Func<CancellationToken, Task>)[] ErrorsAsync(CancellationToken stop)
    {
        List<(string, Func<CancellationToken, Task>)> all =
        [
            ("kill -9 of a worker", _ => Now(() => Victim().KillHard())),
            ("SIGSTOP of a worker beyond its lease", _ => Now(() => Suspend(Victim(), Stage.LeaseSeconds + 3, stop))),
            ("SIGSTOP of the scheduler", _ => Now(() => Suspend(stage.Scheduler!, 3, stop))),
            ("kill -9 of the scheduler", _ => Now(() => stage.Scheduler!.KillHard())),
            ("pg_terminate_backend on all", TerminateAsync),
            ("kill -9 of PostgreSQL", stage.CrashPostgresAsync),
            ("SIGTERM of a worker", _ => Now(() => Victim().Signal(15))),
        ];
        if (stage.NoDisk is null) all.Add(("full disk", FullDiskAsync));
        if (stage.NoNetwork is null) all.Add((NetworkCut, _ => Now(() => CutNetwork(stop))));
        var order = all.ToArray();
        _random.Shuffle(order);
        return order;
    }

    private AmnreProcess Victim()
    {
        // Rather one that is at work.
        var busy = _working.Select(worker => stage.Workers.Find(one => one.Id == worker)).Where(one => one.Process is { HasExited: false })
            .ToList();
        var alive = busy.Count > 0 ? busy : [.. stage.Workers.Where(one => !one.Process.HasExited)];
        _victim = alive[_random.Next(alive.Count)];
        return _victim.Process;
    }

    private IReadOnlyList<string> _working = [];
    private (string? Id, AmnreProcess Process) _victim;

    private void Suspend(AmnreProcess process, double seconds, CancellationToken stop)
    {
        process.Signal(SigStop);
        _repairs.Add(LaterAsync(seconds, () =>
        {
            if (!process.HasExited) process.Signal(SigCont);
        }, stop));
    }

    private void CutNetwork(CancellationToken stop)
    {
        _victim = (stage.Remote, null!);
        stage.Cut();
        _repairs.Add(LaterAsync(Stage.LeaseSeconds + 3, stage.Mend, stop));
    }

    private async Task TerminateAsync(CancellationToken stop)
    {
        await using var connection = await stage.Database.OpenConnectionAsync(stop);
        await connection.ExecuteAsync(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
    }

    /// <summary>Until somebody has felt it, but not until retries are used up.</summary>
    private async Task FullDiskAsync(CancellationToken stop)
    {
        stage.FillDisk();
        var before = await AskAsync("select count(*) from amnre.attempts where failure_class = 'resource'", 0L, stop);
        for (var wait = 0; wait < 20; wait++)
        {
            await Task.Delay(100, stop);
            if (await AskAsync("select count(*) from amnre.attempts where failure_class = 'resource'", 0L, stop) > before) break;
        }

        stage.FreeDisk();
    }

    /// <returns>False when it would hit nobody at work just now.</returns>
    private async Task<bool> StrikeAsync(string kind, Func<CancellationToken, Task> strike, CancellationToken stop)
    {
        var open = await OpenAsync(stop);
        if (open.Count == 0 || (kind == NetworkCut && !open.Any(attempt => attempt.Worker == stage.Remote))) return false;
        _working = [.. open.Select(attempt => attempt.Worker)];
        _victim = default;
        var at = Seconds;
        await strike(stop);
        // Of a fault without a victim all that was under way must go on.
        var hit = open.Where(attempt => _victim.Id is null || attempt.Worker == _victim.Id).ToList();
        _strikes.Add(new Strike(kind, _victim.Id, at, [.. hit.Select(attempt => attempt.Job)], hit));
        return true;
    }

    /// <summary>A strike is recovered from when everything that it hit has been heard of again, has ended, or has gone to another
    /// worker.</summary>
    private async Task WatchRecoveriesAsync(CancellationToken stop)
    {
        foreach (var strike in _strikes.Where(strike => strike.RecoveredAfter is null))
        {
            var waiting = await AskAsync(
                """
                select count(*) from unnest(@Tokens, @Leases) as hit(token, lease) join amnre.attempts a on a.token = hit.token join amnre.jobs j on j.id = a.job_id
                where (a.ended_at is null and a.lease_until <= hit.lease) or (a.outcome <> 'succeeded' and j.token = a.token and j.finished_at is null)
                """, 1L, stop,
                new
                {
                    Tokens = strike.Hit.Select(attempt => attempt.Token).ToArray(),
                    Leases = strike.Hit.Select(attempt => attempt.LeaseUntil).ToArray()
                });
            if (waiting == 0) strike.RecoveredAfter = Seconds - strike.At;
        }
    }

    private async Task<RoundReport> ReportAsync(string state, CancellationToken stop)
    {
        await using var connection = await stage.Database.OpenConnectionAsync(stop);
        var experiment = await connection.QuerySingleAsync<long>("select max(id) from amnre.experiments");
        var files = await new FileViews(stage.Database).FilesAsync(experiment, stop);
        foreach (var file in files)
        {
            await using var stream = File.OpenRead(Path.Combine(stage.Store, file.Path));
            Assert.Equal(file.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, stop)));
        }

        var time = (await connection.QueryAsync<(string Outcome, double Seconds, int Count)>(
            """
            select coalesce(failure_class || ' ' || outcome, outcome), sum(extract(epoch from ended_at - started_at))::float8, count(*)::int
            from amnre.attempts group by 1 order by 1
            """)).ToDictionary(row => row.Outcome, row => new TimeSpent(row.Count, Math.Round(row.Seconds, 1)));
        var violations = new Dictionary<string, long>();
        foreach (var (law, sql) in Laws) violations[law] = await connection.QuerySingleAsync<long>(sql);
        foreach (var strike in _strikes) strike.RecoveredAfter ??= Seconds - strike.At;
        return new RoundReport(seed, state, Math.Round(Seconds, 1), _strikes, time, violations,
            files.Where(file => !file.Measured).ToDictionary(file => $"{file.Job}/{file.Name}", file => file.Sha256),
            await StandAsync(stop));
    }

    private static readonly IReadOnlyList<(string Law, string Sql)> Laws =
    [
        ("I1: a job published twice",
            "select count(*) from (select from amnre.attempts where outcome = 'succeeded' group by job_id having count(*) > 1) twice"),
        ("I2: a publication of another token than the last",
            "select count(*) from amnre.publications p join amnre.attempts a on a.token = p.token join amnre.jobs j on j.id = a.job_id " +
                "where j.token <> a.token or a.outcome <> 'succeeded'"),
        ("I3: an attempt before what it reads from was there",
            """
            select count(*) from amnre.attempts a join amnre.edges e on e.job_id = a.job_id join amnre.jobs p on p.id = e.producer_id
            where not exists (select from amnre.attempts d where d.job_id = p.id and d.outcome = 'succeeded' and d.ended_at <= a.started_at)
            and not (e.optional and p.state = 'pruned')
            """),
        ("I3: an attempt of a job that a decision pruned",
            "select count(*) from amnre.attempts a join amnre.jobs j on j.id = a.job_id where j.state = 'pruned'"),
        ("I4: an attempt without an end or a conclusion",
            "select count(*) from amnre.attempts where ended_at is null or folded_at is null"),
        ("I6: a result that came out otherwise the second time", "select count(*) from amnre.events where kind = 'drift'"),
        ("I7: a fault charged to the user", "select count(*) from amnre.attempts where failure_class = 'user'"),
    ];

    private async Task SubmitAsync(CancellationToken stop)
    {
        using var submit = AmnreProcess.StartOn(stage.ConnectionString, null, "submit", experimentFile, "--store", stage.Store);
        Assert.True(await submit.EndAsync(stop) == 0, submit.Printed);
    }

    private async Task<IReadOnlyList<OpenAttempt>> OpenAsync(CancellationToken stop)
    {
        try
        {
            await using var connection = await stage.Database.OpenConnectionAsync(stop);
            return [.. (await connection.QueryAsync<(long, string, string, DateTime)>(
                "select a.token, a.worker, j.name, a.lease_until from amnre.attempts a join amnre.jobs j on j.id = a.job_id where " +
                    "a.ended_at is null"))
                .Select(row => new OpenAttempt(row.Item1, row.Item2, row.Item3, row.Item4))];
        }
        catch (NpgsqlException)
        {
            return [];
        }
    }

    private async Task<string> StandAsync(CancellationToken stop)
    {
        try
        {
            await using var connection = await stage.Database.OpenConnectionAsync(stop);
            return string.Join('\n', await connection.QueryAsync<string>(
                """
                select format('%s %s %s: %s', j.name, j.state, j.reason, (select string_agg(format('%s %s %s', a.worker, coalesce(a.outcome, 'open'), left(a.message, 100)), '; ' order by a.token)
                  from amnre.attempts a where a.job_id = j.id)) from amnre.jobs j order by j.id
                """));
        }
        catch (NpgsqlException e)
        {
            return e.Message;
        }
    }

    /// <summary>What the database says, or what is assumed while it is away.</summary>
    private async Task<T> AskAsync<T>(string sql, T otherwise, CancellationToken stop, object? parameters = null)
    {
        try
        {
            await using var connection = await stage.Database.OpenConnectionAsync(stop);
            return await connection.QuerySingleAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: stop));
        }
        catch (NpgsqlException)
        {
            return otherwise;
        }
    }

    private static Task Now(Action strike)
    {
        strike();
        return Task.CompletedTask;
    }

    private static async Task LaterAsync(double seconds, Action repair, CancellationToken stop)
    {
        await Task.Delay(TimeSpan.FromSeconds(seconds), stop);
        repair();
    }
}
