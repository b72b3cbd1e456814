using Amnre.Jobs.Allocations;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Workers;
using Amnre.Testing;
using Dapper;

namespace Amnre.Jobs.Tests.Allocations;

public sealed class PoolLedgerTests(TestServer server) : LedgerTest(server)
{
    private static readonly PoolSettings Settings = new()
    {
        Max = 3,
        Cpus = 2,
        Memory = 4096,
        Program = "/p",
        Store = "/s",
        Options = ["--partition=a"],
    };

    private static readonly RetryPolicy Policy = new()
    {
        FirstDelay = TimeSpan.Zero,
        LongestDelay = TimeSpan.Zero,
        PoisonAfter = 2,
        InfrastructureRetries = 0,
    };

    private PoolLedger Pools => new(Database);

    [Fact]
    public async Task A_pool_is_remembered_as_it_was_set_and_a_new_setting_forgets_failures()
    {
        await Pools.PutUpAsync("p", Settings, Cancel);
        await Pools.FailedAsync("p", TimeSpan.FromHours(1), Cancel);
        await Pools.FailedAsync("p", TimeSpan.FromHours(1), Cancel);
        await Pools.DecidedAsync("p", "waits", Cancel);

        var pool = Assert.Single(await Pools.PoolsAsync(Cancel));
        Assert.Equivalent(Settings, pool.Settings);
        Assert.Equal((true, 2, "waits"), (pool.Up, pool.Failures, pool.Decision));
        Assert.InRange((pool.NotBefore!.Value - pool.Now).TotalMinutes, 50, 60);
        await Pools.PutUpAsync("p", Settings with { Max = 5 }, Cancel);
        pool = Assert.Single(await Pools.PoolsAsync(Cancel));
        Assert.Equal((5, 0, null), (pool.Settings.Max, pool.Failures, pool.NotBefore));
        Assert.Equal(["p"], await Pools.PutDownAsync(null, Cancel));
        Assert.Empty(await Pools.PutDownAsync("p", Cancel));
        Assert.Equal(8, (await Pools.LedgerNameAsync(Cancel)).Length);
    }

    [Fact]
    public async Task When_a_worker_ended_a_job_last_is_found_without_looking_at_every_attempt()
    {
        await using var connection = await Database.OpenConnectionAsync(Cancel);
        var plan = await connection.QueryAsync<string>(
            "set enable_seqscan = off; explain select max(t.ended_at) from amnre.attempts t where t.worker = 'w1'");
        Assert.Contains("attempts_of_worker", string.Join('\n', plan), StringComparison.Ordinal);
        await connection.ExecuteAsync("reset enable_seqscan");
    }

    [Fact]
    public async Task Demand_is_what_could_begin_and_allocations_show_who_works_in_them()
    {
        var submitted = await SubmitAsync(Plan("e", "one", "two", "after: one"));
        Assert.Equal(2, (await Pools.DemandAsync(TimeSpan.FromSeconds(30), Cancel)).Sum(demand => demand.Count));
        await Pools.PutUpAsync("p", Settings, Cancel);
        await Pools.AddAsync("p", ["7_0", "7_1"], Cancel);
        await Pools.AddAsync("p", ["7_1"], Cancel);
        await Workers.RegisterAsync(new WorkerEntry("in", "host", 3, 1, ["plain"], "7_0") { TimeLeft = TimeSpan.FromHours(1) }, Cancel);
        await Pools.SeenAsync("7_0", AllocationState.Running, null, TimeSpan.FromMinutes(5), TimeSpan.FromHours(1), Cancel);
        await Pools.SeenAsync("7_1", AllocationState.Pending, "Priority", null, null, Cancel);

        await StartAsync(submitted.ExperimentId, "one", "in");

        var open = await Pools.AllocationsAsync(TimeSpan.Zero, Cancel);
        Assert.Equal([("7_0", AllocationState.Running, 1, 1), ("7_1", AllocationState.Pending, 0, 0)],
            open.Select(one => (one.SlurmId, one.State, one.Workers, one.Busy)));
        Assert.Equal("Priority", open[1].Reason);
        Assert.Equal(1, (await Pools.DemandAsync(TimeSpan.FromSeconds(30), Cancel)).Sum(demand => demand.Count));
        // Neither the busy one nor those of the pool itself.
        Assert.Equal(new IdleWorkers(0, 2), await Pools.IdleElsewhereAsync("p", "accelerated", TimeSpan.FromMinutes(1), Cancel));
        Assert.NotNull((await Views.WorkersAsync(Cancel)).Single(worker => worker.Id == "in").EndsAt);
    }

    [Theory]
    [InlineData(FailureClass.Preempted)]
    [InlineData(FailureClass.Resource)]
    public async Task What_an_ended_allocation_held_is_tried_again_at_once_and_is_nobodys_poison(FailureClass blame)
    {
        var submitted = await SubmitAsync(Plan("e", "job"));
        await Pools.PutUpAsync("p", Settings, Cancel);
        var times = blame == FailureClass.Preempted ? 5 : 2;
        for (var i = 0; i < times; i++)
        {
            await Pools.AddAsync("p", [$"{i}"], Cancel);
            await Workers.RegisterAsync(new WorkerEntry($"in-{i}", "host", 3, 1, ["plain"], $"{i}"), Cancel);
            var ticket = await StartAsync(submitted.ExperimentId, "job", $"in-{i}");
            await Pools.EndedAsync($"{i}", "TIMEOUT", blame, Cancel);
            Assert.False(await Attempts.CommitAsync(ticket, Make(ticket), Cancel));
            await Graph.SettleAsync(submitted.ExperimentId, Policy, Cancel);
        }

        await RunAsync(submitted.ExperimentId, "job");
        Assert.Equal(ExperimentState.Succeeded, (await SnapshotAsync(submitted.ExperimentId)).Experiment.State);
        Assert.Empty(await Pools.AllocationsAsync(TimeSpan.Zero, Cancel));
        Assert.Equal(times, (await Pools.AllocationsAsync(TimeSpan.FromHours(1), Cancel)).Count);
    }

    [Fact]
    public async Task A_worker_killed_while_it_hands_its_work_back_was_preempted_however_often()
    {
        var submitted = await SubmitAsync(Plan("e", "job"));
        for (var i = 0; i < 4; i++)
        {
            var ticket = await StartAsync(submitted.ExperimentId, "job");
            Assert.True(Attempts.Beat("w1", ticket.Token, TimeSpan.FromMilliseconds(1), null, leaving: true,
                TimeSpan.FromSeconds(2.5)).Drain);
            await Task.Delay(10, Cancel);
            Assert.Single(await new RescueLedger(Database).RescueAsync(Cancel));
            await Graph.SettleAsync(submitted.ExperimentId, Policy, Cancel);
            await ExecuteAsync("update amnre.workers set draining = false where id = 'w1'");
        }

        var attempts = await JobViews.AttemptsAsync((await JobAsync(submitted.ExperimentId, "job")).Id, Cancel);
        Assert.All(attempts,
            attempt => Assert.Equal((AttemptOutcome.Lost, FailureClass.Preempted), (attempt.Outcome, attempt.FailureClass)));
        Assert.Equal(TimeSpan.FromSeconds(2.5), await Pools.LongestSaveAsync(Cancel));
        await RunAsync(submitted.ExperimentId, "job");
    }
}
