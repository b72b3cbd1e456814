using Amnre.Jobs.Allocations;
using Amnre.Scheduler.Cluster;

namespace Amnre.Scheduler.Tests.Cluster;

public sealed class ScalingTests
{
    private static readonly DateTime Now = new(2026, 11, 23, 12, 0, 0, DateTimeKind.Utc);
    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(50);
    private static readonly IdleWorkers Nobody = new(0, 0);

    private readonly PoolSettings _settings = new() { Max = 4, Program = "/p", Store = "/s", Time = TimeSpan.FromHours(1) };

    [Fact]
    public void Each_waiting_job_gets_an_allocation_up_to_the_cap()
    {
        Assert.Equal(3, Decide([], Jobs(3)).Submit);
        Assert.Equal(4, Decide([], Jobs(100)).Submit);
        Assert.Equal(2, Decide([Running("1", busy: 1), Pending("2")], Jobs(100)).Submit);
        Assert.Contains("asks for 3 more; 3 jobs to begin", Decide([], Jobs(3)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_asked_for_while_enough_is_on_its_way()
    {
        Assert.Equal(0, Decide([Pending("1"), Pending("2")], Jobs(2)).Submit);
        Assert.Equal(0, Decide([], Jobs(2), elsewhere: new IdleWorkers(0, 2)).Submit);
        // GPU workers elsewhere that no GPU job waits for take plain jobs too.
        Assert.Equal(0, Decide([], Jobs(2), elsewhere: new IdleWorkers(2, 0)).Submit);
    }

    [Fact]
    public void A_pool_scales_to_zero_when_idle_long_enough_and_no_further_than_its_least()
    {
        var open = new[] { Running("1", idleFor: 400), Running("2", idleFor: 500), Running("3", idleFor: 10), Running("4", busy: 1) };

        Assert.Equal(["2", "1"], Decide(open, []).Drain);
        Assert.Equal(["2"], Decide(open, [], with: settings => settings with { Min = 3 }).Drain);
        Assert.Contains("keeps 3 idle for a while",
            Decide(open, [], with: settings => settings with { Idle = TimeSpan.FromHours(1) }).Reason, StringComparison.Ordinal);
        Assert.Equal(2, Decide([], [], with: settings => settings with { Min = 2 }).Submit);
    }

    [Fact]
    public void What_still_waits_in_the_queue_is_taken_back_before_workers_are_sent_away()
    {
        var decision = Decide([Running("1", idleFor: 1000), Pending("2", age: 30), Pending("3", age: 10)], Jobs(1));

        Assert.Equal(["3", "2"], decision.Remove);
        Assert.Empty(decision.Drain);
    }

    [Fact]
    public void An_allocation_near_its_end_is_replaced_as_its_job_will_be_handed_back()
    {
        var ending = Running("1", busy: 1) with { EndsAt = Now + TimeSpan.FromSeconds(40) };

        Assert.Equal(1, Decide([ending], []).Submit);
        // But never beyond the cap: then the replacement comes when it has ended.
        var decision = Decide([ending], [], with: settings => settings with { Max = 1 });
        Assert.Equal(0, decision.Submit);
        Assert.StartsWith("waits for 1 allocation to end", decision.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 0, 0, 60, false, false)] // more CPUs
    [InlineData(1, 1, 0, 60, false, false)] // a GPU
    [InlineData(1, 0, 9L << 30, 60, false, false)] // more memory
    [InlineData(1, 0, 1L << 30, 3600, false, false)] // more time
    [InlineData(1, 0, 1L << 30, 3600, true, true)] // more time, but it goes on in the next allocation
    [InlineData(1, 0, 1L << 30, 60, false, true)]
    public void A_job_that_no_allocation_can_hold_asks_for_none(int cpus, int gpus, long memory, double seconds, bool resumes, bool fits)
    {
        var decision = Decide([], [new JobDemand(cpus, gpus, memory, TimeSpan.FromSeconds(seconds), resumes, 1)],
            with: settings => settings with { Memory = 8192 });

        Assert.Equal(fits ? 1 : 0, decision.Submit);
        Assert.Equal(!fits, decision.Reason.Contains("1 job would not fit", StringComparison.Ordinal));
    }

    [Fact]
    public void Workers_of_one_allocation_count_by_what_they_serve()
    {
        // Two GPU workers and one without in each.
        static PoolSettings Mixed(PoolSettings settings) => settings with { Gpus = 4, GpusPerWorker = 2, CpuWorkers = 1 };

        Assert.Equal(2, Decide([], [new JobDemand(1, 1, 0, null, true, 3)], with: Mixed).Submit);
        Assert.Equal(3, Decide([], Jobs(3), with: Mixed).Submit);
        // Without workers of their own, plain jobs go to GPU workers: two in each.
        Assert.Equal(2, Decide([], Jobs(3), with: settings => Mixed(settings) with { CpuWorkers = 0 }).Submit);
        Assert.Equal(0,
            Decide([Running("1", busy: 1) with { Workers = 2 }], Jobs(1),
                with: settings => Mixed(settings) with { CpuWorkers = 0 }).Submit);
    }

    [Fact]
    public void After_failures_nothing_is_asked_for_until_the_pause_is_over()
    {
        var decision = Decide([], Jobs(3), failures: 2, pause: 20);

        Assert.Equal(0, decision.Submit);
        Assert.Contains("for another 20 s, after 2 failures in a row", decision.Reason, StringComparison.Ordinal);
        Assert.Equal(3, Decide([], Jobs(3), failures: 2, pause: -1).Submit);
    }

    [Fact]
    public void Allocations_that_end_without_a_worker_again_and_again_pause_the_pool()
    {
        Assert.Equal(3, Decide([], Jobs(3), barren: 7).Submit);
        Assert.Equal(0, Decide([], Jobs(3), barren: 8).Submit);
        Assert.Contains("'amnre cluster up' again", Decide([], Jobs(3), barren: 8).Reason, StringComparison.Ordinal);
        // A large pool may ask for many at once.
        Assert.Equal(3, Decide([], Jobs(3), with: settings => settings with { Max = 20 }, barren: 39).Submit);
        Assert.Equal(0, Decide([], Jobs(3), with: settings => settings with { Max = 20 }, barren: 40).Submit);
    }

    [Fact]
    public void What_never_joins_and_what_never_leaves_is_ended()
    {
        var mute = Running("1") with { Joined = 0, Workers = 0, StartedAt = Now - TimeSpan.FromMinutes(6), IdleSince = null };
        var stubborn = Running("2", busy: 1) with { LeavingAt = Now - TimeSpan.FromMinutes(6) };

        Assert.Equal(["1", "2"], Decide([mute, stubborn, Running("3", busy: 1)], []).Remove);
        // Their places are filled.
        Assert.Equal(2, Decide([mute, stubborn], Jobs(9)).Submit);
    }

    [Fact]
    public void A_pool_that_goes_down_hands_work_back_and_ends_the_rest()
    {
        var decision = Scaling.Decide(Pool(up: false), [Pending("1"), Running("2", busy: 1), Running("3") with { Workers = 0 }], Jobs(5),
            Nobody, Lead);

        Assert.Equal((0, "1 3", "2"), (decision.Submit, string.Join(' ', decision.Remove), string.Join(' ', decision.Drain)));
    }

    private ScalingDecision Decide(
        IReadOnlyList<Allocation> open, IReadOnlyList<JobDemand> demand, IdleWorkers? elsewhere = null,
        Func<PoolSettings, PoolSettings>? with = null, int failures = 0, int? pause = null, int barren = 0) =>
        Scaling.Decide(Pool(with?.Invoke(_settings), failures: failures, pause: pause, barren: barren), open, demand, elsewhere ?? Nobody,
            Lead);

    private Pool Pool(PoolSettings? settings = null, bool up = true, int failures = 0, int? pause = null, int barren = 0) =>
        new("p", settings ?? _settings, up, Now, null, null, failures, pause is { } seconds ? Now.AddSeconds(seconds) : null, barren, Now);

    private static IReadOnlyList<JobDemand> Jobs(int count) => [new JobDemand(1, 0, 0, null, false, count)];

    private static Allocation Pending(string id, int age = 5) =>
        new() { SlurmId = id, Pool = "p", State = AllocationState.Pending, SubmittedAt = Now.AddSeconds(-age) };

    private static Allocation Running(string id, int busy = 0, int idleFor = 0) => new()
    {
        SlurmId = id,
        Pool = "p",
        State = AllocationState.Running,
        SubmittedAt = Now.AddHours(-0.5),
        StartedAt = Now.AddHours(-0.5),
        EndsAt = Now.AddHours(0.5),
        Workers = 1,
        Joined = 1,
        Busy = busy,
        IdleSince = busy > 0 ? null : Now.AddSeconds(-idleFor),
    };
}
