using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Dispatching;

/// <summary>A ready job.</summary>
/// <param name="Queue">The transport's queue that it belongs to.</param>
/// <param name="Priority">Greater goes first, within its experiment.</param>
/// <param name="Expected">Null when unknown, or irrelevant because the job can checkpoint and resume
/// elsewhere.</param>
public sealed record PlaceableJob(long Id, long ExperimentId, string Fingerprint, string Queue, int Priority, long MemoryBytes,
    TimeSpan? Expected)
{
    /// <summary>The kind of device that it must be resumed on; null when any will do.</summary>
    public string? HeldTo { get; init; }

    public int Gpus { get; init; }

    public JobNeeds Needs => new(Queue, MemoryBytes, Expected, HeldTo) { Gpus = Gpus };
}

/// <summary>An experiment under way.</summary>
/// <param name="Priority">Greater goes first.</param>
/// <param name="Owner">Who submitted it.</param>
/// <param name="MostRunning">Of its jobs, at once; null for no limit.</param>
/// <param name="InUse">Its jobs handed out or running.</param>
public sealed record ExperimentShare(long Id, int Priority, string Owner, int? MostRunning, int InUse);

/// <summary>A worker that takes jobs.</summary>
/// <param name="Queues">The queues that it shares with others.</param>
/// <param name="MemoryBytes">What a job may use; null when it has not said.</param>
/// <param name="TimeLeft">Until its allocation ends; null where nothing ends it.</param>
/// <param name="Busy">It runs a job, or one was handed to it alone.</param>
public sealed record WorkerRoom(string Id, IReadOnlyList<string> Queues, int Slots, long? MemoryBytes, TimeSpan? TimeLeft, bool Busy)
{
    /// <summary>Several jobs failed on its host lately, not by their own fault: others are preferred while there are any.</summary>
    public bool Avoided { get; init; }

    /// <summary>As in <see cref="WorkerOffer.Devices"/>.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    public WorkerOffer Offer => new(Queues, MemoryBytes, TimeLeft, Devices);
}

/// <summary>Where a job goes.</summary>
/// <param name="WorkerId">The one worker that gets it; null for the first that comes.</param>
public sealed record Placed(PlaceableJob Job, string? WorkerId)
{
    /// <summary>Of the span that hands it out; null where there is no listener.</summary>
    public string? Traceparent { get; init; }
}

/// <summary>All that a placement is decided by.</summary>
/// <param name="Waiting">By queue, the jobs dispatched to the first that comes and not yet claimed.</param>
public sealed record PlacementSituation(
    IReadOnlyList<WorkerRoom> Workers, IReadOnlyList<ExperimentShare> Experiments, IReadOnlyDictionary<string, int> Waiting)
{
    /// <summary>By queue, how many jobs will be taken before the dispatcher looks again.</summary>
    public IReadOnlyDictionary<string, int> Soon { get; init; } = new Dictionary<string, int>();

    /// <summary>What waits in a queue can no longer be overtaken: of many workers that are busy for long, it must not be twice as many
    /// jobs.</summary>
    private const int Deep = 128;

    /// <summary>Room of a shared queue: twice what its slots hold as far as that is little, beyond that what is idle and a few more; or
    /// more where they take jobs faster than that, so that none waits for the dispatcher; less what is there already.</summary>
    /// <param name="minDepth">Kept full even without workers, which then find work at once.</param>
    public int Room(string queue, int minDepth)
    {
        var (slots, idle) = (0, 0);
        foreach (var worker in Workers.Where(worker => worker.Queues.Contains(queue)))
        {
            slots += worker.Slots;
            if (!worker.Busy) idle += worker.Slots;
        }

        var depth = Math.Min(2 * slots, Math.Max(Deep, idle + (Deep / 2)));
        return Math.Max(Math.Max(Math.Max(minDepth, Soon.GetValueOrDefault(queue)), depth) - Waiting.GetValueOrDefault(queue), 0);
    }
}

/// <summary>Decides which ready jobs are handed out and to whom: in the <see cref="DispatchOrder"/>, each to a worker that it
/// fits.</summary>
public static class Placement
{
    /// <param name="jobs">The first ready jobs of each experiment and queue, in any order.</param>
    /// <param name="situation">As it is now.</param>
    /// <param name="minDepth">Least depth of a shared queue.</param>
    /// <returns>In the order in which they are to be handed out.</returns>
    public static IReadOnlyList<Placed> Decide(IReadOnlyList<PlaceableJob> jobs, PlacementSituation situation, int minDepth)
    {
        var rooms = jobs.Select(job => job.Queue).Distinct().ToDictionary(queue => queue, queue => situation.Room(queue, minDepth));
        var serving = rooms.Keys.ToDictionary(queue => queue,
            queue => new Serving(queue, [.. situation.Workers.Where(worker => worker.Queues.Contains(queue))]));
        var idle = situation.Workers.Where(worker => !worker.Busy).ToHashSet<WorkerRoom>(ReferenceEqualityComparer.Instance);
        var shares = situation.Experiments.ToDictionary(experiment => experiment.Id);
        var order = new DispatchOrder(situation.Experiments);
        var waiting = jobs.Where(job => shares.ContainsKey(job.ExperimentId)).GroupBy(job => job.ExperimentId)
            .ToDictionary(of => of.Key, of => new Queue<PlaceableJob>(of.OrderByDescending(job => job.Priority).ThenBy(job => job.Id)));
        var (placed, results) = (new List<Placed>(), new HashSet<string>());
        while (order.Next(waiting.Where(of => of.Value.Count > 0).Select(of => shares[of.Key])) is { } share)
        {
            var job = waiting[share.Id].Dequeue();
            // Two jobs of one result are never under way at once.
            if (results.Contains(job.Fingerprint) || Place(job) is not { } place) continue;
            placed.Add(place);
            results.Add(job.Fingerprint);
            order.Count(share);
        }

        return placed;

        Placed? Place(PlaceableJob job)
        {
            var those = serving[job.Queue];
            if (those.AllFit(job))
            {
                if (rooms[job.Queue] == 0) return null;
                rooms[job.Queue]--;
                return new Placed(job, null);
            }

            // The smallest that is large enough, so that the larger ones stay free for what only they can do.
            var chosen = idle.Where(worker => !(worker.Avoided && those.AnySound) && job.Needs.FitsOn(worker.Offer))
                .OrderBy(worker => worker.MemoryBytes ?? long.MaxValue).ThenBy(worker => worker.TimeLeft ?? TimeSpan.MaxValue)
                .ThenBy(worker => worker.Id, StringComparer.Ordinal)
                .FirstOrDefault();
            if (chosen is null) return null;
            idle.Remove(chosen);
            return new Placed(job, chosen.Id);
        }
    }

    /// <summary>The workers of a queue, looked through once for all of its jobs.</summary>
    private sealed class Serving(string queue, IReadOnlyList<WorkerRoom> workers)
    {
        /// <summary>What all of them offer, whatever device they are.</summary>
        private readonly WorkerOffer _minOffer = new([queue], workers.Min(worker => worker.MemoryBytes),
            workers.Min(worker => worker.TimeLeft), []);

        private readonly bool _anyAvoided = workers.Any(worker => worker.Avoided);

        /// <summary>Some are not avoided.</summary>
        public bool AnySound { get; } = workers.Any(worker => !worker.Avoided);

        /// <summary>The first worker that comes may have the job.</summary>
        public bool AllFit(PlaceableJob job) =>
            !(_anyAvoided && AnySound) && (job.HeldTo is null
                ? job.Needs.FitsOn(_minOffer) : workers.Count > 0 && workers.All(worker => job.Needs.FitsOn(worker.Offer)));
    }
}
