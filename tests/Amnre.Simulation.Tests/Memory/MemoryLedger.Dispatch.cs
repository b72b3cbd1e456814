using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Graph;

namespace Amnre.Simulation.Tests.Memory;

/// <summary>What the dispatcher and the transport do.</summary>
internal sealed partial class MemoryLedger
{
    public PlacementSituation Situation(TimeSpan heartbeatTimeout)
    {
        var queued = Under(JobState.Queued).ToList();
        var busy = Open.Select(attempt => attempt.Worker).Concat(queued.Select(job => job.PlacedOn).OfType<string>())
            .ToHashSet(StringComparer.Ordinal);
        return new PlacementSituation(
            [.. Workers.Values.Where(worker => !worker.Ended && !worker.Draining && worker.HeartbeatAt > now() - heartbeatTimeout)
                .Select(worker => new WorkerRoom(
                worker.Id, worker.Kinds, worker.Slots, worker.MemoryBytes, null, busy.Contains(worker.Id))
                {
                    Devices = worker.Device?.Kinds ?? [],
                })],
            [.. Experiments.Where(experiment => experiment.State == ExperimentState.Running).Select(experiment => new ExperimentShare(
                experiment.Id, experiment.Priority, "", experiment.Plan.AtMost,
                experiment.In(JobState.Queued).Count + experiment.In(JobState.Running).Count))],
            queued.Where(job => job.PlacedOn is null).GroupBy(job => job.Queue).ToDictionary(queue => queue.Key, queue => queue.Count()));
    }

    public IReadOnlyList<PlaceableJob> Candidates(int most) =>
        [.. Experiments.Where(Hands)
            .SelectMany(experiment => JobQueues.All.SelectMany(
                queue => First(experiment, queue, job => !job.CancelAsked && !UnderWay(job.Fingerprint), most)))
            .Select(job => new PlaceableJob(job.Id, job.Experiment.Id, job.Fingerprint, job.Queue, job.Priority,
                job.Spec.Resources.MemoryBytes, null)
            {
                HeldTo = job.Spec.Resources.SameKind ? BegunOn(job.Fingerprint) : null,
                Gpus = job.Spec.Resources.Gpus,
            })];

    public IReadOnlyList<Placed> Take(IReadOnlyList<Placed> placed)
    {
        var taken = placed.Where(one => Jobs[one.Job.Id] is var job && IsReady(job) && !job.CancelAsked && Hands(job.Experiment)
            && !UnderWay(job.Fingerprint)).ToList();
        foreach (var (place, worker) in taken)
        {
            var job = Jobs[place.Id];
            (job.QueuedAt, job.NotBefore, job.Unmet, job.PlacedOn) = (now(), null, 0, worker);
            Move(job, JobState.Queued);
        }

        return taken;
    }

    public void Delivered(long jobId, long transportId)
    {
        if (Jobs[jobId].State is JobState.Queued or JobState.Running) Jobs[jobId].TransportId = transportId;
    }

    public IReadOnlyList<(long JobId, long ExperimentId)> Undelivered(TimeSpan patience)
    {
        if (mutation == Mutation.UndeliveredForgotten) return [];
        var waiting = Deliveries.Where(delivery => delivery.FetchedAt is not { } fetched || fetched > now() - patience)
            .Select(delivery => delivery.Id).ToHashSet();
        return [.. Under(JobState.Queued)
            .Where(job => (job.QueuedAt < now() - patience && !(job.TransportId is { } delivery && waiting.Contains(delivery)))
            || (job.PlacedOn is { } place && Workers[place] is { Ended: true } or { Draining: true }))
            .Select(job => (job.Id, job.Experiment.Id))];
    }

    public void SweepDeliveries(TimeSpan patience)
    {
        var known = Experiments.SelectMany(experiment => experiment.In(JobState.Queued).Concat(experiment.In(JobState.Running)))
            .Select(job => job.TransportId).ToHashSet();
        Deliveries.RemoveAll(
            delivery => (delivery.FetchedAt < now() - patience || delivery.Queue.StartsWith(JobQueues.OwnPrefix, StringComparison.Ordinal))
            && !known.Contains(delivery.Id));
    }

    public IReadOnlyList<LateResult> LateResults(IReadOnlyList<string> queues, int most)
    {
        var late = new List<LateResult>();
        if (Publications.Count == 0) return late;
        foreach (var experiment in Experiments.Where(experiment => experiment.State == ExperimentState.Running))
        {
            foreach (var job in queues.SelectMany(queue => First(experiment, queue, job => !job.Anew, most)))
            {
                if (Publications.TryGetValue(job.Fingerprint, out var published) && published.PublishedAt > experiment.SubmittedAt
                    && published.Attempt.Job != job)
                {
                    var maker = published.Attempt.Job;
                    late.Add(new LateResult(job.Id, experiment.Id, $"made meanwhile by {maker.Experiment.Name}: {maker.Spec.Name}",
                        published.Files));
                }
            }
        }

        return late;
    }

    public long Enqueue(long jobId, string queue)
    {
        Deliveries.Add(new DeliveryRow { Id = ++_ids, JobId = jobId, Queue = queue, EnqueuedAt = now() });
        return _ids;
    }

    public IReadOnlyList<long> HandOver(IReadOnlyList<(long JobId, string Queue)> deliveries) => [.. deliveries.Select(one =>
    {
        var delivery = Enqueue(one.JobId, one.Queue);
        Delivered(one.JobId, delivery);
        return delivery;
    })];

    public DeliveryRow? Fetch(IReadOnlyList<string> queues)
    {
        // Numbers only grow, so the first of each queue in the list is its oldest.
        var next = queues.Order(StringComparer.Ordinal)
            .Select(queue => Deliveries.Find(delivery => delivery.FetchedAt is null && delivery.Queue == queue))
            .FirstOrDefault(first => first is not null);
        next?.FetchedAt = now();
        return next;
    }

    public void Remove(long delivery) => Deliveries.RemoveAll(row => row.Id == delivery);

    private IEnumerable<JobRow> First(ExperimentRow experiment, string queue, Func<JobRow, bool> which, int most) =>
        // All jobs of an experiment have its priority, so the order of the plan is the order of the queue.
        !experiment.Queues.Contains(queue)
        ? []
        : (mutation == Mutation.TakeIgnoresDependencies ? experiment.Jobs.Where(IsReady) : experiment.In(JobState.Ready))
            .Where(job => job.Queue == queue && (job.NotBefore is not { } due || due <= now()) && which(job)).Take(most);

    private bool IsReady(JobRow job) =>
        job.State == JobState.Ready || (mutation == Mutation.TakeIgnoresDependencies && job.State == JobState.Waiting);

    private static bool Hands(ExperimentRow experiment) =>
        experiment.State == ExperimentState.Running && !experiment.CancelAsked && !experiment.Paused;

    private bool UnderWay(string fingerprint) => _underWay.GetValueOrDefault(fingerprint) > 0;

    private IEnumerable<JobRow> Under(JobState state) =>
        Experiments.Where(experiment => experiment.State == ExperimentState.Running).SelectMany(experiment => experiment.In(state));
}
