using Amnre.Jobs.Allocations;
using Amnre.Worker.Drain;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Amnre.Worker.Tests.Drain;

public sealed class AllocationWatchTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    private readonly RunMeasure _measure;
    private readonly DrainSignal _drain;
    private readonly WatchClock _watchClock;
    private Task _watched = Task.CompletedTask;

    /// <summary>Only a hang takes so long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public AllocationWatchTests()
    {
        _measure = new RunMeasure(_clock);
        _watchClock = new WatchClock(_clock);
        _drain = new DrainSignal(TimeSpan.FromSeconds(60), _clock, NullLogger<DrainSignal>.Instance);
    }

    public void Dispose() => _drain.Dispose();

    [Theory]
    [InlineData(null, null, 3600, 50)] // nothing measured yet
    [InlineData(0.1, 0.3, 3600, 20.8)]
    [InlineData(60.0, 5.0, 3600, 150)]
    [InlineData(600.0, 5.0, 1200, 600)] // at most half of the allocation
    public void The_lead_follows_what_saving_takes(double? save, double? step, double whole, double lead) =>
        Assert.Equal(lead, DrainLead.Of(Seconds(save), Seconds(step), TimeSpan.FromSeconds(whole)).TotalSeconds, 9);

    [Fact]
    public void The_longest_times_count_and_the_wait_before_a_run_does_not()
    {
        _measure.Saved(TimeSpan.FromSeconds(3));
        _measure.Saved(TimeSpan.FromSeconds(2));
        _measure.LookedUp();
        _clock.Advance(TimeSpan.FromSeconds(7));
        _measure.LookedUp();
        _measure.Begin();
        _clock.Advance(TimeSpan.FromHours(1));
        _measure.LookedUp();

        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(7)), (_measure.Save, _measure.Step));
    }

    [Fact]
    public async Task A_worker_leaves_when_its_lead_begins_and_not_before()
    {
        var watched = Watch(() => End(600));

        await AdvanceAsync(545);
        Assert.False(_drain.IsRequested);
        await AdvanceAsync(10);
        await watched.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(_drain.IsRequested);
    }

    [Fact]
    public async Task A_slow_save_makes_it_leave_earlier_and_have_longer_for_it()
    {
        _measure.Saved(TimeSpan.FromSeconds(100));
        var watched = Watch(() => End(600));

        await AdvanceAsync(365);
        Assert.False(_drain.IsRequested);
        await AdvanceAsync(10);
        await watched.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(_drain.IsRequested);
        Assert.Equal(TimeSpan.FromSeconds(230), _drain.Grace);
    }

    [Fact]
    public async Task A_limit_that_was_raised_meanwhile_is_heard_of_before_leaving()
    {
        var watched = Watch(() => End(900));

        await AdvanceAsync(700);
        Assert.False(_drain.IsRequested);
        Assert.Equal(End(900), _moved);
        await AdvanceAsync(155);
        await watched.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(_drain.IsRequested);
    }

    [Fact]
    public async Task Without_an_answer_the_end_that_was_known_counts()
    {
        var watched = Watch(() => null);

        await AdvanceAsync(560);
        await watched.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(_drain.IsRequested);
    }

    [Fact]
    public async Task Whatever_ails_the_asking_the_worker_leaves_in_time()
    {
        var watched = Watch(() => throw new IOException("no pipe"));

        await AdvanceAsync(560);
        Assert.True(_drain.IsRequested);
        await watched;
    }

    [Fact]
    public void Slurms_variables_say_where_we_are()
    {
        Assert.Null(Of([]));
        Assert.Equal(new SlurmAllocation("17", "17"), Of(new() { ["SLURM_JOB_ID"] = "17" }));
        Assert.Equal(new SlurmAllocation("16_3", "19"),
            Of(new() { ["SLURM_JOB_ID"] = "19", ["SLURM_ARRAY_JOB_ID"] = "16", ["SLURM_ARRAY_TASK_ID"] = "3" }));

        static SlurmAllocation? Of(Dictionary<string, string> variables) => SlurmAllocation.Of(variables.GetValueOrDefault);
    }

    [Theory]
    [InlineData("1795403977", 1795403977L)]
    [InlineData("NONE", null)]
    [InlineData("N/A", null)]
    [InlineData("2026-11-23T03:09:37", null)]
    [InlineData("", null)]
    public void Ends_are_seconds_or_unknown(string said, long? end) => Assert.Equal(end, SlurmAllocation.Epoch(said)?.ToUnixTimeSeconds());

    private DateTimeOffset? _moved;

    private static DateTimeOffset End(double seconds) => new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero).AddSeconds(seconds);

    private static TimeSpan? Seconds(double? seconds) => seconds is { } value ? TimeSpan.FromSeconds(value) : null;

    private Task Watch(Func<DateTimeOffset?> anew) => _watched = new AllocationWatch(
        _ => Task.FromResult(anew()),
        (end, _) =>
        {
            _moved = end;
            return Task.CompletedTask;
        },
        _measure, _drain, _watchClock, NullLogger<AllocationWatch>.Instance).RunAsync(End(600), _drain.Token);

    /// <summary>In small steps, each of which the watch has dealt with before the next.</summary>
    private async Task AdvanceAsync(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            while (!_watchClock.IsWaitedFor && !_watched.IsCompleted) await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A clock that knows whether somebody waits for it.</summary>
    private sealed class WatchClock(TimeProvider clock) : TimeProvider
    {
        private int _waits;

        public bool IsWaitedFor => Volatile.Read(ref _waits) > 0;

        public override long TimestampFrequency => clock.TimestampFrequency;

        public override long GetTimestamp() => clock.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Increment(ref _waits);
            return clock.CreateTimer(
                given =>
                {
                    Interlocked.Decrement(ref _waits);
                    callback(given);
                }, state, dueTime, period);
        }
    }
}
