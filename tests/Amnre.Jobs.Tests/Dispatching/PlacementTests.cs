using Amnre.Jobs.Dispatching;

namespace Amnre.Jobs.Tests.Dispatching;

public sealed class PlacementTests
{
    private const long Gigabyte = 1L << 30;

    private static readonly WorkerRoom Small = Worker("small", memory: 2 * Gigabyte), Large = Worker("large", memory: 16 * Gigabyte);

    [Theory]
    [InlineData(0, 0, 2)]
    [InlineData(0, 2, 0)]
    [InlineData(1, 0, 2)]
    [InlineData(8, 3, 13)]
    [InlineData(1, 9, 0)]
    public void A_shared_queue_is_kept_shallow(int slots, int waiting, int room) =>
        Assert.Equal(room,
            new PlacementSituation([Worker("w") with { Slots = slots }], [],
                new Dictionary<string, int> { ["plain"] = waiting }).Room("plain", minDepth: 2));

    [Theory]
    [InlineData(64, 0, 128)]
    [InlineData(1000, 0, 128)]
    [InlineData(1000, 10, 128)]
    [InlineData(1000, 300, 364)]
    [InlineData(1000, 1000, 1064)]
    public void Of_many_workers_those_that_are_busy_for_long_have_little_laid_ready(int workers, int idle, int room) =>
        Assert.Equal(room,
            new PlacementSituation([.. Enumerable.Range(0, workers).Select(n => Worker($"w{n}") with { Busy = n >= idle })], [],
                new Dictionary<string, int>()).Room("plain", minDepth: 2));

    [Fact]
    public void Priority_of_the_experiment_goes_before_that_of_the_job_and_that_before_age()
    {
        ExperimentShare[] experiments = [Share(1, priority: 0), Share(2, priority: 5)];
        PlaceableJob[] jobs = [Job(10, 1, priority: 9), Job(11, 2), Job(12, 2, priority: 1), Job(13, 2)];
        Assert.Equal([12, 11, 13, 10], Order(jobs, experiments, depth: 10));
    }

    [Fact]
    public void Users_share_evenly_and_so_do_the_experiments_of_each()
    {
        ExperimentShare[] experiments = [Share(1, owner: "ada"), Share(2, owner: "ada"), Share(3, owner: "bob")];
        var jobs = Enumerable.Range(0, 30).Select(i => Job(i, 1 + (i / 10))).ToList();
        var first = Order(jobs, experiments, depth: 8).Select(id => 1 + (id / 10)).ToList();
        Assert.Equal(4, first.Count(experiment => experiment == 3));
        Assert.Equal(2, first.Count(experiment => experiment == 1));
        Assert.Equal(2, first.Count(experiment => experiment == 2));
    }

    [Fact]
    public void What_is_under_way_counts_towards_the_share()
    {
        ExperimentShare[] experiments = [Share(1) with { InUse = 3 }, Share(2, owner: "bob")];
        var jobs = Enumerable.Range(0, 10).Select(i => Job(i, 1 + (i % 2))).ToList();
        Assert.Equal([1, 3, 5], Order(jobs, experiments, depth: 3));
    }

    [Fact]
    public void An_experiment_never_has_more_under_way_than_its_limit()
    {
        ExperimentShare[] experiments = [Share(1) with { MostRunning = 3, InUse = 1 }, Share(2)];
        var jobs = Enumerable.Range(0, 20).Select(i => Job(i, 1 + (i % 2))).ToList();
        Assert.Equal(2, Order(jobs, experiments, depth: 20).Count(id => id % 2 == 0));
        Assert.Empty(Order([Job(0, 1)], [experiments[0] with { InUse = 3 }], depth: 5));
    }

    [Fact]
    public void A_job_that_some_worker_is_too_small_for_goes_to_the_smallest_that_fits()
    {
        var big = Job(1, 1) with { MemoryBytes = 8 * Gigabyte };
        var larger = Worker("larger", memory: 64 * Gigabyte);
        Assert.Equal("large", Assert.Single(Decide([big], [Small, larger, Large])).WorkerId);
        Assert.Null(Assert.Single(Decide([big], [larger, Large])).WorkerId);
        Assert.Null(Assert.Single(Decide([Job(1, 1)], [Small, Large])).WorkerId);
    }

    [Fact]
    public void It_waits_while_those_that_fit_are_busy_and_others_go_on()
    {
        PlaceableJob[] jobs = [Job(1, 1) with { MemoryBytes = 8 * Gigabyte }, Job(2, 1)];
        Assert.Equal([2L], Decide(jobs, [Small, Large with { Busy = true }]).Select(placed => placed.Job.Id));
        Assert.Equal([2L], Decide(jobs, [Small]).Select(placed => placed.Job.Id));
    }

    [Fact]
    public void Each_worker_gets_one_job_of_its_own_at_a_time()
    {
        var jobs = Enumerable.Range(1, 5).Select(i => Job(i, 1) with { MemoryBytes = 8 * Gigabyte }).ToList();
        Assert.Equal([1L], Decide(jobs, [Small, Large]).Select(placed => placed.Job.Id));
    }

    [Fact]
    public void A_job_is_not_begun_where_the_allocation_ends_before_it()
    {
        var (ending, open) = (Worker("ending") with { TimeLeft = TimeSpan.FromMinutes(5) }, Worker("open"));
        var job = Job(1, 1) with { Expected = TimeSpan.FromMinutes(10) };
        Assert.Equal("open", Assert.Single(Decide([job], [ending, open])).WorkerId);
        Assert.Empty(Decide([job], [ending]));
        Assert.Null(Assert.Single(Decide([job with { Expected = TimeSpan.FromMinutes(1) }], [ending])).WorkerId);
        // What can save its state has no expectation.
        Assert.Null(Assert.Single(Decide([job with { Expected = null }], [ending])).WorkerId);
    }

    [Fact]
    public void A_host_on_which_jobs_keep_failing_is_avoided_while_there_are_others()
    {
        var bad = Worker("bad") with { Avoided = true };
        PlaceableJob[] jobs = [Job(1, 1), Job(2, 1)];
        Assert.Equal(["good"], Decide(jobs, [bad, Worker("good")]).Select(placed => placed.WorkerId));
        Assert.All(Decide(jobs, [bad]), placed => Assert.Null(placed.WorkerId));
    }

    [Fact]
    public void Two_jobs_of_one_result_are_not_handed_out_together() =>
        Assert.Equal([1L],
            Decide([Job(1, 1), Job(2, 2) with { Fingerprint = "1" }], [Small], [Share(1), Share(2)]).Select(placed => placed.Job.Id));

    /// <summary>Laws that hold of any situation.</summary>
    [Fact]
    public void No_placement_overfills_exceeds_or_misfits()
    {
        var random = new Amnre.Engine.Randomness.CounterRandom(7, Amnre.Engine.Randomness.RandomPurpose.None, 0);
        for (var round = 0; round < 2000; round++)
        {
            var experiments = Enumerable.Range(1, 1 + Below(ref random, 4))
                .Select(id => Share(id, Below(ref random, 2), $"u{Below(ref random, 2)}") with
                {
                    MostRunning = Below(ref random, 2) == 0 ? null : 1 + Below(ref random, 4),
                    InUse = Below(ref random, 4),
                }).ToList();
            var workers = Enumerable.Range(0, Below(ref random, 5))
                .Select(id => Worker($"w{id}", (1 + Below(ref random, 4)) * Gigabyte) with
                {
                    Busy = Below(ref random, 2) == 0,
                    TimeLeft = Below(ref random, 2) == 0 ? null : TimeSpan.FromMinutes(Below(ref random, 20)),
                }).ToList();
            var jobs = Enumerable.Range(0, Below(ref random, 20))
                .Select(id => Job(id, 1 + Below(ref random, experiments.Count), Below(ref random, 3)) with
                {
                    MemoryBytes = Below(ref random, 5) * Gigabyte,
                    Expected = Below(ref random, 2) == 0 ? null : TimeSpan.FromMinutes(Below(ref random, 20)),
                    Fingerprint = $"{Below(ref random, 15)}",
                }).ToList();
            var situation = new PlacementSituation(workers, experiments, new Dictionary<string, int> { ["plain"] = Below(ref random, 4) });
            var placed = Placement.Decide(jobs, situation, minDepth: 2);

            Assert.InRange(placed.Count(one => one.WorkerId is null), 0, situation.Room("plain", 2));
            Assert.Equal(placed.Count, placed.Select(one => one.Job.Fingerprint).Distinct().Count());
            Assert.All(placed, one => Assert.True(one.WorkerId is { } id
                ? workers.Single(worker => worker.Id == id) is { Busy: false } chosen && one.Job.Needs.FitsOn(chosen.Offer)
                : workers.TrueForAll(worker => one.Job.Needs.FitsOn(worker.Offer))));
            Assert.Equal(placed.Count(one => one.WorkerId is not null),
                placed.Where(one => one.WorkerId is not null).Select(one => one.WorkerId).Distinct().Count());
            foreach (var experiment in experiments)
            {
                var count = placed.Count(one => one.Job.ExperimentId == experiment.Id);
                Assert.True(count == 0 || !(experiment.InUse + count > experiment.MostRunning));
            }
        }
    }

    private static int Below(ref Amnre.Engine.Randomness.CounterRandom random, int bound) => (int)random.NextBelow((uint)bound);

    private static List<long> Order(IReadOnlyList<PlaceableJob> jobs, IReadOnlyList<ExperimentShare> experiments, int depth) =>
        [.. Placement.Decide(jobs, new PlacementSituation([], experiments, new Dictionary<string, int>()), depth)
            .Select(placed => placed.Job.Id)];

    private static IReadOnlyList<Placed> Decide(IReadOnlyList<PlaceableJob> jobs, IReadOnlyList<WorkerRoom> workers,
        IReadOnlyList<ExperimentShare>? experiments = null) =>
        Placement.Decide(jobs, new PlacementSituation(workers, experiments ?? [Share(1)], new Dictionary<string, int>()), minDepth: 2);

    private static ExperimentShare Share(long id, int priority = 0, string owner = "ada") => new(id, priority, owner, null, 0);

    private static PlaceableJob Job(long id, long experiment, int priority = 0) => new(id, experiment, $"{id}", "plain", priority, 0, null);

    private static WorkerRoom Worker(string id, long? memory = null) => new(id, ["plain"], 1, memory, null, Busy: false);
}
