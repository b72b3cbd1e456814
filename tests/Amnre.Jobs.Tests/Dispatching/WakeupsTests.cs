using Amnre.Jobs.Dispatching;

namespace Amnre.Jobs.Tests.Dispatching;

public sealed class WakeupsTests
{
    [Fact]
    public void Of_many_idle_workers_about_as_many_are_told_as_there_are_deliveries()
    {
        var hints = Wakeups.Decide(Shared(3), Situation(1000), round: 0);
        Assert.Empty(hints.Queues);
        Assert.Equal(5, hints.Workers.Distinct().Count());
    }

    [Fact]
    public void Busy_workers_are_not_told() =>
        Assert.Equal(["w0001"], Wakeups.Decide(Shared(9), Situation(100, busy: id => id != "w0001"), round: 3).Workers);

    [Fact]
    public void Few_workers_are_all_told_at_once() =>
        Assert.Equal(["plain"], Wakeups.Decide(Shared(1), Situation(8, busy: _ => true), round: 0).Queues);

    [Fact]
    public void A_delivery_that_nobody_took_is_told_to_every_idle_worker_in_the_end()
    {
        var situation = Situation(1000, waiting: 1);
        var told = Enumerable.Range(0, 1000).SelectMany(round => Wakeups.Decide([], situation, round).Workers).ToHashSet();
        Assert.Equal(1000, told.Count);
        Assert.Equal(["plain"], Wakeups.Decide([], Situation(8, waiting: 1), round: 0).Queues);
    }

    [Fact]
    public void Nobody_is_told_of_nothing_and_nobody_who_does_not_serve_the_queue()
    {
        var hints = Wakeups.Decide([], Situation(1000), round: 1);
        Assert.Empty(hints.Queues);
        Assert.Empty(hints.Workers);
        Assert.Empty(Wakeups.Decide([new Placed(Job("accelerated"), null)], Situation(1000), round: 1).Workers);
    }

    [Fact]
    public void Who_gets_a_job_of_its_own_is_told_and_not_counted_on_for_another()
    {
        var hints = Wakeups.Decide([new Placed(Job("plain"), "w0000"), .. Shared(1)], Situation(1000), round: 0);
        Assert.Contains("w0000", hints.Workers);
        Assert.Equal(4, hints.Workers.Count);
    }

    private static List<Placed> Shared(int count) => [.. Enumerable.Range(0, count).Select(_ => new Placed(Job("plain"), null))];

    private static PlaceableJob Job(string queue) => new(1, 1, "f", queue, 0, 0, null);

    private static PlacementSituation Situation(int workers, int waiting = 0, Func<string, bool>? busy = null) => new(
        [.. Enumerable.Range(0, workers).Select(n => $"w{n:0000}")
            .Select(id => new WorkerRoom(id, ["plain"], 1, null, null, busy?.Invoke(id) ?? false))],
        [], waiting == 0 ? new Dictionary<string, int>() : new Dictionary<string, int> { ["plain"] = waiting });
}
