using Amnre.Jobs.Dispatching;

namespace Amnre.Jobs.Tests.Dispatching;

public sealed class DispatchOrderTests
{
    /// <summary>With workers for all, the order of the queue is that of the dispatcher, and a job's place in it is the number of those
    /// ahead.</summary>
    [Fact]
    public void The_queue_the_dispatcher_and_the_number_ahead_agree()
    {
        var random = new Random(5);
        for (var trial = 0; trial < 300; trial++)
        {
            var shares = Enumerable.Range(1, random.Next(1, 6)).Select(id => new ExperimentShare(id, random.Next(2), $"u{random.Next(3)}",
                random.Next(3) == 0 ? random.Next(6) : null, random.Next(4))).ToList();
            var jobs = Enumerable.Range(0, random.Next(1, 20)).Select(id =>
                new PlaceableJob(id, random.Next(1, shares.Count + 1), $"{id}", "plain", random.Next(2), 0, null)).ToList();
            var own = jobs.OrderByDescending(job => job.Priority).ThenBy(job => job.Id).ToLookup(job => job.ExperimentId);

            var placed = Placement.Decide(jobs, new PlacementSituation([], shares, new Dictionary<string, int>()), minDepth: 100);
            var queue = DispatchOrder.Of(own, shares).ToList();

            Assert.Equal(placed.Select(one => one.Job.Id), queue.Select(job => job.Id));
            foreach (var (place, job) in queue.Index())
                Assert.Equal(place, DispatchOrder.Ahead([.. shares.Select(share => (share, own[share.Id].Count()))], job.ExperimentId,
                    own[job.ExperimentId].TakeWhile(other => other != job).Count()));
        }
    }
}
