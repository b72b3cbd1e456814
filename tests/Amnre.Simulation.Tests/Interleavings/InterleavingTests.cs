using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Transitions;
using Amnre.Jobs.Workers;
using Amnre.Testing;
using Npgsql;

namespace Amnre.Simulation.Tests.Interleavings;

/// <summary>The real ledger code, statement by statement against a real PostgreSQL, in every order with few preemptions.</summary>
public sealed class InterleavingTests(TestServer server, ITestOutputHelper output) : LedgerTest(server)
{
    private static readonly RetryPolicy Policy = new() { FirstDelay = TimeSpan.Zero };

    private int _runs;

    [Fact]
    public Task Two_claims_of_one_job_beside_a_rescuer_that_takes_it_back() => ExploreAsync(1, async id =>
    {
        var job = (await Dispatch.TakeAsync("plain", 10, Cancel))[0];
        var tickets = new List<JobTicket>();
        return (
            [
                new("w1", database => ClaimAsync(database, job, "w1", tickets)),
                new("w2", database => ClaimAsync(database, job, "w2", tickets)),
                new("undelivered",
                    database => TolerateAsync(
                        () => new GraphLedger(database).ConcludeAsync(id, [(job, place => new GraphEvent.Undelivered(place))], Cancel))),
            ],
            () =>
            {
                Assert.True(tickets.Count <= 1, "two claims were granted");
                return Task.CompletedTask;
            }
        );
    }, "a");

    [Fact]
    public Task A_commit_beside_a_rescuer_and_the_folder() => ExploreAsync(1, async id =>
    {
        var ticket = await StartAsync(id, "a");
        await ExecuteAsync("update amnre.attempts set lease_until = now() - interval '1 s' where token = @Token", new { ticket.Token });
        var made = Make(ticket);
        var accepted = false;
        return (
            [
                new("commit", async database => accepted = await new AttemptLedger(database, Store).CommitAsync(ticket, made, Cancel)),
                new("rescue", database => new RescueLedger(database).RescueAsync(Cancel)),
                new("fold", database => TolerateAsync(() => new GraphLedger(database).SettleAsync(id, Policy, Cancel))),
            ],
            async () => Assert.Equal(accepted
                ? "succeeded"
                : "lost", await ScalarAsync<string>("select outcome from amnre.attempts where token = @Token", new { ticket.Token }))
        );
    }, "a", "b: a");

    [Fact]
    public Task A_heartbeat_beside_a_rescuer_and_another_claim() => ExploreAsync(2, async id =>
    {
        var ticket = await StartAsync(id, "a");
        await ExecuteAsync("update amnre.attempts set lease_until = now() - interval '1 s' where token = @Token", new { ticket.Token });
        Heartbeat? heard = null;
        var rescued = 0;
        return (
            [
                new("beat", database => Task.Run(() => heard = new AttemptLedger(database, Store).Beat("w1", ticket.Token, Lease, null))),
                new("rescue", async database => rescued = (await new RescueLedger(database).RescueAsync(Cancel)).Count),
                new("fold", database => TolerateAsync(() => new GraphLedger(database).SettleAsync(id, Policy, Cancel))),
            ],
            () =>
            {
                Assert.Equal(heard!.Held, rescued == 0);
                return Task.CompletedTask;
            }
        );
    }, "a");

    [Fact]
    public Task A_zombies_commit_beside_its_successors_claim_and_commit() => ExploreAsync(2, async id =>
    {
        var zombie = await StartAsync(id, "a");
        var late = Make(zombie);
        await ExecuteAsync("update amnre.attempts set lease_until = now() - interval '1 s' where token = @Token", new { zombie.Token });
        await Rescue.RescueAsync(Cancel);
        await Graph.SettleAsync(id, Policy, Cancel);
        var job = (await Dispatch.TakeAsync("plain", 10, Cancel))[0];
        var tickets = new List<JobTicket>();
        return (
            [
                new("zombie", async database => Assert.False(await new AttemptLedger(database, Store).CommitAsync(zombie, late, Cancel))),
                new("successor", async database =>
                {
                    await ClaimAsync(database, job, "w2", tickets);
                    Assert.True(await new AttemptLedger(database, Store).CommitAsync(tickets[0], Make(tickets[0]), Cancel));
                }),
            ],
            async () => Assert.Equal(tickets[0].Token,
                await ScalarAsync<long>("select token from amnre.publications where fingerprint = @Text", new { zombie.Fingerprint.Text }))
        );
    }, "a");

    [Fact]
    public Task Claims_of_one_result_for_three_experiments() => ExploreAsync(3, async id =>
    {
        List<long> experiments = [id];
        foreach (var other in (string[])["other", "third"])
            experiments.Add((await SubmitAsync(Plan($"{other}{_runs}", $"a | {_runs}"))).ExperimentId);
        await ExecuteAsync("update amnre.jobs set state = 'queued', queued_at = now() where experiment_id = any(@Ids)",
            new { Ids = experiments.ToArray() });
        var tickets = new List<JobTicket>();
        var jobs = new List<long>();
        foreach (var experiment in experiments) jobs.Add((await JobAsync(experiment, "a")).Id);
        return (
            [
                new("one", database => ClaimAsync(database, jobs[0], "w1", tickets)),
                new("two", database => ClaimAsync(database, jobs[1], "w2", tickets)),
                new("three", database => ClaimAsync(database, jobs[2], "w2", tickets)),
            ],
            () =>
            {
                Assert.Single(tickets);
                return Task.CompletedTask;
            }
        );
    }, "a");

    [Fact]
    public Task A_claim_beside_a_pause_and_a_cancellation() => ExploreAsync(1, async id =>
    {
        var job = (await Dispatch.TakeAsync("plain", 10, Cancel))[0];
        var tickets = new List<JobTicket>();
        return (
            [
                new("w1", database => ClaimAsync(database, job, "w1", tickets)),
                new("pause", database => new Interventions(database, Store).PauseAsync(id, drain: false, Cancel)),
                new("cancel", database => new Interventions(database, Store).CancelJobsAsync(id, [job], Cancel)),
            ],
            async () =>
            {
                if (tickets.Count == 1) Assert.True(Attempts.Beat("w1", tickets[0].Token, Lease, null).Stop);
                await new Interventions(Database, Store).ResumeAsync(id, Cancel);
            }
        );
    }, "a", "b: a");

    /// <summary>What a decision prunes follows from its commit in the conclusion's own transaction, whoever else acts.</summary>
    [Fact]
    public Task A_decisions_commit_beside_a_rescuer_and_the_folder() => ExploreAsync(1, async id =>
    {
        var ticket = await StartAsync(id, "d");
        await ExecuteAsync("update amnre.attempts set lease_until = now() - interval '1 s' where token = @Token", new { ticket.Token });
        var (made, accepted) = (Make(ticket), false);
        var refused = made.SelectMany(file => file.Decided).Where(one => !one.Admitted).Select(one => one.Branch).ToArray();
        return (
            [
                new("commit", async database => accepted = await new AttemptLedger(database, Store).CommitAsync(ticket, made, Cancel)),
                new("rescue", database => new RescueLedger(database).RescueAsync(Cancel)),
                new("fold", database => TolerateAsync(() => new GraphLedger(database).SettleAsync(id, Policy, Cancel))),
            ],
            async () =>
            {
                // Nothing is pruned without the commit, and with its conclusion all that it refuses.
                Assert.Equal(0, await ScalarAsync<int>(
                    """
                    select count(*)::int from amnre.jobs d join amnre.edges e on e.producer_id = d.id join amnre.jobs j on j.id = e.job_id
                    where d.experiment_id = @id and d.name = 'd' and e.branch is not null
                      and (j.state = 'pruned') <> (d.state = 'succeeded' and e.branch = any(@refused))
                    """, new { id, refused }));
                Assert.Equal(accepted, await ScalarAsync<bool>(
                    "select exists (select from amnre.decisions where token = @Token)", new { ticket.Token }));
            }
        );
    }, "d | decide 1 x y", "e: d=x", "f: d=y", "g: d e? f?");

    private RescueLedger Rescue => new(Database);

    private async Task ExploreAsync(int preemptions, Func<long, Task<(IReadOnlyList<Actor> Actors, Func<Task> Check)>> begin,
        params string[] lines)
    {
        var explorer = new Explorer(ConnectionString, Database, preemptions);
        await explorer.ExploreAsync(async () =>
        {
            // Results of its own for each run, so that none is reused.
            var run = ++_runs;
            var own = lines.Select(line => $"{line}{(line.Contains('|') ? "" : " |")} {run}");
            var id = (await SubmitAsync(Plan($"run{run}", [.. own]))).ExperimentId;
            var (actors, check) = await begin(id);
            return (actors, order => AuditAsync(id, order, check));
        });
        output.WriteLine(
            $"{explorer.Orders} orders of {explorer.Statements} statements, {explorer.Waits} in which one waited for another's lock");
        Assert.True(explorer.Orders > 5);
    }

    private async Task AuditAsync(long experiment, string order, Func<Task> check)
    {
        try
        {
            await check();
            Assert.Equal(0, await ScalarAsync<int>("select count(*)::int from (select from amnre.attempts where ended_at is null group " +
                "by fingerprint having count(*) > 1) twice"));
            Assert.Equal(0, await ScalarAsync<int>("select count(*)::int from (select from amnre.attempts where outcome = 'succeeded' " +
                "group by job_id having count(*) > 1) twice"));
            Assert.Equal(0, await ScalarAsync<int>(
                "select count(*)::int from amnre.publications p join amnre.attempts a on a.token = p.token where a.outcome <> " +
                    "'succeeded'"));
            Assert.Equal(0, await ScalarAsync<int>(
                "select count(*)::int from amnre.jobs j join amnre.attempts a on a.job_id = j.id and a.ended_at is null where j.state <> " +
                    "'running' or j.token <> a.token"));
            await FinishAsync(experiment);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new InvalidOperationException($"in the order {order}: {e.Message}", e);
        }
    }

    /// <summary>I4: from wherever the actors left it, the experiment can be brought to its end.</summary>
    private async Task FinishAsync(long experiment)
    {
        for (var round = 0; round < 20; round++)
        {
            await ExecuteAsync("update amnre.attempts set lease_until = now() - interval '1 s' where ended_at is null");
            await Rescue.RescueAsync(Cancel);
            foreach (var unsettled in await Graph.UnsettledAsync(Cancel)) await Graph.SettleAsync(unsettled, Policy, Cancel);
            if (await ScalarAsync<bool>("select not exists (select from amnre.experiments where state = 'running')")) return;
            await Dispatch.TakeAsync("plain", 100, Cancel);
            foreach (var late in await Dispatch.LateResultsAsync(100, Cancel))
            {
                await Graph.ConcludeAsync(late.ExperimentId, [(late.JobId, place => new GraphEvent.Published(place, late.By))], Cancel);
            }

            foreach (var job in await QueuedAsync())
            {
                if (await Attempts.ClaimAsync(job, "w2", Lease, Cancel) is { } ticket)
                    Assert.True(await Attempts.CommitAsync(ticket, Make(ticket), Cancel));
            }
        }

        Assert.Fail($"experiment {experiment} comes to no end");
    }

    private async Task<IEnumerable<long>> QueuedAsync()
    {
        await using var connection = await Database.OpenConnectionAsync(Cancel);
        return await Dapper.SqlMapper.QueryAsync<long>(connection, "select id from amnre.jobs where state = 'queued'");
    }

    private async Task ClaimAsync(NpgsqlDataSource database, long job, string worker, List<JobTicket> tickets)
    {
        if (await new AttemptLedger(database, Store).ClaimAsync(job, worker, Lease, Cancel) is not { } ticket) return;
        lock (tickets)
        {
            tickets.Add(ticket);
        }
    }

    /// <summary>A scheduler whose conclusion met another writer looks again, which the audit does.</summary>
    private static async Task TolerateAsync(Func<Task> conclude)
    {
        try
        {
            await conclude();
        }
        catch (LedgerConflictException)
        {
            // Nothing was written.
        }
    }
}
