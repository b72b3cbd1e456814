using Amnre.Jobs.Dispatching;
using Amnre.Scheduler.Dispatch;
using Microsoft.Extensions.Time.Testing;

namespace Amnre.Scheduler.Tests.Dispatch;

public sealed class DispatchPaceTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void A_queue_that_is_emptied_at_every_look_becomes_deeper_until_workers_no_longer_wait()
    {
        var pace = new DispatchPace(_clock);
        var depth = 4;
        for (var round = 0; round < 200; round++)
        {
            // Two workers take 200 jobs a second, as far as there are any; the dispatcher looks every 50 ms.
            var left = Math.Max(depth - 10, 0);
            depth = Math.Max(4, pace.Look(Waiting(left)).GetValueOrDefault("plain"));
            pace.Placed(Enumerable.Repeat("plain", Math.Max(depth - left, 0)));
            _clock.Advance(TimeSpan.FromMilliseconds(50));
        }

        // Half a second's worth.
        Assert.InRange(depth, 80, 100);
    }

    [Fact]
    public void Long_jobs_ask_for_no_more_than_there_was()
    {
        var pace = new DispatchPace(_clock);
        for (var minute = 0; minute < 10; minute++)
        {
            Assert.Equal(0, pace.Look(Waiting(3)).GetValueOrDefault("plain"));
            pace.Placed(["plain"]); // One of four was taken within the minute.
            _clock.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public void Queues_are_paced_each_by_itself_and_forget_what_is_over()
    {
        var pace = new DispatchPace(_clock);
        pace.Look(Waiting(100));
        _clock.Advance(TimeSpan.FromSeconds(1));
        var soon = pace.Look(Waiting(0));
        Assert.Equal((50, 0), (soon["plain"], soon.GetValueOrDefault("accelerated")));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, pace.Look(Waiting(0)).GetValueOrDefault("plain"));
    }

    private static PlacementSituation Waiting(int count) => new([], [], new Dictionary<string, int> { ["plain"] = count });
}
