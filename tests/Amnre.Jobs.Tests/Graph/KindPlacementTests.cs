using Amnre.Jobs.Dispatching;

namespace Amnre.Jobs.Tests.Graph;

/// <summary>A job that was begun on one kind of device and is to stay there.</summary>
public sealed class KindPlacementTests
{
    private static readonly PlaceableJob Held = new(1, 1, "a", "plain", 0, 0, null) { HeldTo = "wide" };

    [Fact]
    public void It_goes_to_an_idle_worker_of_its_kind_alone()
    {
        Assert.Equal("b", Assert.Single(Place(Held, Worker("a", "narrow"), Worker("b", "wide"))).WorkerId);
        Assert.Empty(Place(Held, Worker("a", "narrow"), Worker("b", "wide") with { Busy = true }));
        Assert.Empty(Place(Held, Worker("a", "narrow"), new WorkerRoom("silent about it", ["plain"], 1, null, null, false)));
    }

    [Fact]
    public void It_waits_while_there_are_no_workers_since_any_might_take_it_from_the_shared_queue()
    {
        Assert.Empty(Place(Held));
        Assert.Single(Place(Held with { HeldTo = null }));
    }

    [Fact]
    public void It_goes_through_the_shared_queue_where_all_workers_are_of_its_kind()
    {
        Assert.Null(Assert.Single(Place(Held, Worker("a", "wide"), Worker("b", "wide", "wide / a GPU"))).WorkerId);
        Assert.Null(Assert.Single(Place(Held with { HeldTo = null }, Worker("a", "narrow"), Worker("b", "wide"))).WorkerId);
    }

    private static WorkerRoom Worker(string id, params string[] devices) => new(id, ["plain"], 1, null, null, false) { Devices = devices };

    private static IReadOnlyList<Placed> Place(PlaceableJob job, params WorkerRoom[] workers) =>
        Placement.Decide([job], new PlacementSituation(workers, [new ExperimentShare(1, 0, "", null, 0)], new Dictionary<string, int>()),
            minDepth: 2);
}
