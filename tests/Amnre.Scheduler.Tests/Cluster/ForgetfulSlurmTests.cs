using Amnre.Jobs.Allocations;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Workers;
using Amnre.Scheduler.Cluster;
using Amnre.Testing;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Amnre.Scheduler.Tests.Cluster;

/// <summary>Whatever hides allocations from us (another cluster, a federation, hidden partitions, a wrapped squeue, a controller that
/// forgets): they stay bounded.</summary>
public sealed class ForgetfulSlurmTests(TestServer server) : LedgerTest(server)
{
    private const int Max = 4;

    [Theory]
    [InlineData("")]
    [InlineData("CLUSTER: other\n")]
    [InlineData("*** Welcome to this cluster ***\nJOBID PARTITION NAME\n")]
    [InlineData("99999_0|somebody-else|RUNNING|1764000000|1764010000|None\n")]
    public async Task Allocations_that_are_never_seen_do_not_multiply_and_are_cancelled(string answer)
    {
        using var slurm = new PretendedSlurm();
        slurm.Says(answer);
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var autoscaler = await ScalerAsync(slurm, clock);

        // Six hours of looking; what is to be waited for by the database's clock is over at once.
        for (var minute = 0; minute < 360; minute++)
        {
            await autoscaler.StepAsync(Cancel);
            clock.Advance(TimeSpan.FromMinutes(1));
            await ForgetPausesAsync();
        }

        Assert.InRange(slurm.Submitted.Count, Max, 3 * Max);
        Assert.Equal(slurm.Submitted.Order(), slurm.Cancelled.Distinct().Order());
        var pool = Assert.Single(await Pools.PoolsAsync(Cancel));
        Assert.Contains("paused: ", pool.Decision, StringComparison.Ordinal);
        Assert.Contains("Slurm has no record of it", pool.Decision, StringComparison.Ordinal);

        // Somebody who has found the cause begins anew.
        var before = slurm.Submitted.Count;
        await Pools.PutUpAsync("p", pool.Settings, Cancel);
        await autoscaler.StepAsync(Cancel);
        Assert.Equal(before + Max, slurm.Submitted.Count);
    }

    /// <summary>A program that is not there, a node that refuses: every allocation begins, and fails within seconds.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(Max)]
    public async Task Allocations_that_fail_within_seconds_are_bounded_named_and_asked_for_again_by_hand(int max)
    {
        using var slurm = new PretendedSlurm();
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var autoscaler = await ScalerAsync(slurm, clock, max);
        var name = $"amnre-{await Pools.LedgerNameAsync(Cancel)}-p";
        var counts = new List<int>();
        for (var round = 0; round < 100; round++)
        {
            await autoscaler.StepAsync(Cancel);
            counts.Add(slurm.Submitted.Count);
            clock.Advance(TimeSpan.FromSeconds(5));
            Answer(slurm, name, clock, "FAILED", "NonZeroExitCode");
            await ForgetPausesAsync();
        }

        var bound = Math.Max(8, 2 * max);
        Assert.InRange(slurm.Submitted.Count, bound, bound + max - 1);
        Assert.Equal(counts[50], counts[^1]);
        var pool = Assert.Single(await Pools.PoolsAsync(Cancel));
        Assert.Contains($"paused: {slurm.Submitted.Count} allocations in a row ended before a worker joined; look for the cause, then " +
            "'amnre cluster up' again", pool.Decision, StringComparison.Ordinal);
        Assert.Contains("the last failure: allocation ", pool.Decision, StringComparison.Ordinal);
        Assert.Contains("FAILED (NonZeroExitCode)", pool.Decision, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(Store.Root, "logs"), pool.Decision, StringComparison.Ordinal);
        Assert.DoesNotContain(await Pools.AllocationsAsync(TimeSpan.Zero, Cancel), one => one.EndedAt is null);

        // The cause was found: the pool is put up again, a worker joins, and the earlier failures no longer count.
        var before = slurm.Submitted.Count;
        await Pools.PutUpAsync("p", pool.Settings, Cancel);
        await autoscaler.StepAsync(Cancel);
        Assert.Equal(before + max, slurm.Submitted.Count);
        Answer(slurm, name, clock, "RUNNING", "None");
        await Workers.RegisterAsync(new WorkerEntry("joined", "node", 3, 1, ["plain"], slurm.Submitted[^1]), Cancel);
        await autoscaler.StepAsync(Cancel);
        Assert.DoesNotContain("paused", Assert.Single(await Pools.PoolsAsync(Cancel)).Decision, StringComparison.Ordinal);
    }

    private static void Answer(PretendedSlurm slurm, string name, FakeTimeProvider clock, string state, string reason)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        slurm.Says(string.Concat(slurm.Submitted.Select(id => $"{id}|{name}|{state}|{now - 3}|{now + 3600}|{reason}\n")));
    }

    [Fact]
    public async Task An_allocation_whose_worker_is_heard_is_there_whatever_Slurm_says()
    {
        using var slurm = new PretendedSlurm();
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var autoscaler = await ScalerAsync(slurm, clock, max: 1);
        await autoscaler.StepAsync(Cancel);
        var id = Assert.Single(slurm.Submitted);
        await Workers.RegisterAsync(new WorkerEntry("in", "node", 3, 1, ["plain"], id), Cancel);

        for (var minute = 0; minute < 10; minute++)
        {
            await autoscaler.StepAsync(Cancel);
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Empty(slurm.Cancelled);
        Assert.Single(slurm.Submitted);
        Assert.Null(Assert.Single(await Pools.AllocationsAsync(TimeSpan.Zero, Cancel)).EndedAt);
    }

    private PoolLedger Pools => new(Database);

    [Fact]
    public async Task No_allocation_is_asked_for_while_the_store_is_not_there()
    {
        using var slurm = new PretendedSlurm();
        var autoscaler = await ScalerAsync(slurm, new FakeTimeProvider(DateTimeOffset.UtcNow));
        File.Delete(Path.Combine(Store.Root, StoreIdentity.FileName));

        await autoscaler.StepAsync(Cancel);

        Assert.Empty(slurm.Submitted);
        Assert.Contains($"the store '{Store.Root}' is not there", Assert.Single(await Pools.PoolsAsync(Cancel)).Decision,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(Store.Root, "slurm")));
    }

    private async Task<Autoscaler> ScalerAsync(PretendedSlurm slurm, TimeProvider clock, int max = Max)
    {
        StoreIdentity.ReadOrMake(Store.Root);
        await SubmitAsync(Plan("e", [.. Enumerable.Range(0, 20).Select(i => $"job{i}")]));
        await Pools.PutUpAsync("p", new PoolSettings { Max = max, Program = "/bin/true", Store = Store.Root }, Cancel);
        var options = new SchedulerOptions { ConnectionString = ConnectionString, StoreRoot = Store.Root, Clock = clock };
        // The workers that every ledger of these tests has would take the jobs.
        foreach (var worker in (string[])["w1", "w2"]) await Workers.LeaveAsync(worker, Cancel);
        return new Autoscaler(Pools, new SlurmCluster(new Dictionary<string, string>(), slurm.Folder), options,
            NullLogger<Autoscaler>.Instance);
    }

    private async Task ForgetPausesAsync()
    {
        await using var connection = await Database.OpenConnectionAsync(Cancel);
        await connection.ExecuteAsync("update amnre.pools set not_before = null");
    }
}
