using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Views;
using Amnre.Testing;

namespace Amnre.Jobs.Tests.Views;

/// <summary>The queue that people look at is in the order in which the dispatcher hands out.</summary>
public sealed class QueueOrderTests(TestServer server) : LedgerTest(server)
{
    [Fact]
    public async Task Two_users_of_one_priority_take_turns_in_the_queue_as_in_the_dispatcher()
    {
        await SubmitAsync(Plan("ada", "a1 | 1", "a2 | 2", "a3 | 3"));
        await SubmitAsync(Plan("bob", "b1 | 4", "b2 | 5"));
        await SubmitAsync(Plan("urgent", "u1 | 6"));
        await ExecuteAsync("update amnre.experiments set owner = name; update amnre.experiments set priority = 9 where name = 'urgent'");

        var shown = await new QueueViews(Database).QueueAsync(0, 100, Cancel);
        var placed = Placement.Decide(await Dispatch.CandidatesAsync(10, timed: false, Cancel),
            await Dispatch.SituationAsync(TimeSpan.FromHours(1), Cancel), minDepth: 10);

        Assert.Equal(placed.Select(one => one.Job.Id), shown.Select(line => line.Id));
        foreach (var (one, place) in placed.Select((one, place) => (one, place)))
        {
            var facts = await JobViews.FactsAsync(one.Job.Id, Cancel);
            Assert.Equal((one.Job.Id, place), (one.Job.Id, facts!.Ahead));
        }
    }

    /// <summary>Handed out ones first, last those that may not go; the pages together hold each job once.</summary>
    [Fact]
    public async Task Pages_of_the_queue_together_are_the_queue()
    {
        await SubmitAsync(Plan("ada", "a1 | 1", "a2 | 2", "a3 | 3") with { AtMost = 2 });
        await SubmitAsync(Plan("bob", "b1 | 4", "b2 | 5"));
        await SubmitAsync(Plan("paused", "p1 | 6"));
        await ExecuteAsync("update amnre.experiments set owner = name; " +
            "update amnre.experiments set paused_at = now(), priority = 9 where name = 'paused'");
        await Dispatch.TakeAsync("plain", 1, Cancel);
        var views = new QueueViews(Database);

        var whole = await views.QueueAsync(0, 100, Cancel);
        List<QueueLine> pages = [.. await views.QueueAsync(0, 2, Cancel), .. await views.QueueAsync(2, 2, Cancel),
            .. await views.QueueAsync(4, 100, Cancel)];

        Assert.Equal(["a1", "b1", "a2", "b2", "p1", "a3"], whole.Select(line => line.Name));
        Assert.Equal([1, 2, 3, 4, 5, 6], whole.Select(line => line.Place));
        Assert.Equal(whole.Select(line => (line.Id, line.Place)), pages.Select(line => (line.Id, line.Place)));
        Assert.Empty(await views.QueueAsync(int.MaxValue - 200, 101, Cancel));
    }

    [Fact]
    public async Task A_worker_is_silent_after_the_time_that_its_scheduler_was_told()
    {
        await ExecuteAsync("update amnre.workers set heartbeat_at = now() - interval '20 seconds'");

        Assert.All(await new ExperimentViews(Database).WorkersAsync(Cancel), worker => Assert.False(worker.IsSilent));
        Assert.All(await new ExperimentViews(Database, TimeSpan.FromSeconds(8)).WorkersAsync(Cancel),
            worker => Assert.True(worker.IsSilent));
    }
}
