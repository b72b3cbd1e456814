using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;

namespace Amnre.Simulation.Tests.Memory;

/// <summary>What the dispatcher and the transport do.</summary>
internal sealed partial class MemoryLedger
{
    public IReadOnlyList<QueueLoad> Loads(IReadOnlyList<string> queues, TimeSpan silence) =>
        [.. queues.Select(queue => new QueueLoad(queue,
            Under(JobState.Queued).Count(job => job.Queue == queue),
            Workers.Values.Where(worker => !worker.Ended && !worker.Draining && worker.HeartbeatAt > now() - silence && worker.Kinds.Contains(queue)).Sum(worker => worker.Slots)))];

    public IReadOnlyList<long> Take(string queue, int most)
    {
        var chosen = Experiments.Where(experiment => experiment.State == ExperimentState.Running && !experiment.CancelAsked && !experiment.Paused)
            .SelectMany(experiment => First(experiment, queue, job => !job.CancelAsked && !UnderWay(job.Fingerprint), most))
            .GroupBy(job => job.Fingerprint).Select(group => Ordered(group).First());
        var taken = Ordered(chosen).Take(mutation == Mutation.TakeIgnoresRoom ? int.MaxValue : most).ToList();
        foreach (var job in taken)
        {
            (job.QueuedAt, job.NotBefore, job.Unmet) = (now(), null, 0);
            Move(job, JobState.Queued);
        }

        return [.. taken.Select(job => job.Id)];

        static IEnumerable<JobRow> Ordered(IEnumerable<JobRow> jobs) =>
            jobs.OrderByDescending(job => job.Experiment.Priority).ThenByDescending(job => job.Priority).ThenBy(job => job.Id);
    }

    public void Delivered(long jobId, long transportId)
    {
        if (Jobs[jobId].State is JobState.Queued or JobState.Running) Jobs[jobId].TransportId = transportId;
    }

    public IReadOnlyList<(long JobId, long ExperimentId)> Undelivered(TimeSpan patience) => mutation == Mutation.UndeliveredForgotten ? [] :
        [.. Under(JobState.Queued).Where(job => job.QueuedAt < now() - patience
            && !Deliveries.Exists(delivery => delivery.Id == job.TransportId && (delivery.FetchedAt is not { } fetched || fetched > now() - patience)))
            .Select(job => (job.Id, job.Experiment.Id))];

    public void SweepDeliveries(TimeSpan patience) =>
        Deliveries.RemoveAll(delivery => delivery.FetchedAt < now() - patience
            && !Jobs.Values.Any(job => job.TransportId == delivery.Id && job.State is JobState.Queued or JobState.Running));

    public IReadOnlyList<LateResult> LateResults(IReadOnlyList<string> queues, int most)
    {
        var late = new List<LateResult>();
        if (Publications.Count == 0) return late;
        foreach (var experiment in Experiments.Where(experiment => experiment.State == ExperimentState.Running))
        {
            foreach (var job in queues.SelectMany(queue => First(experiment, queue, job => !job.Anew, most)))
            {
                if (Publications.TryGetValue(job.Fingerprint, out var published) && published.PublishedAt > experiment.SubmittedAt && published.Attempt.Job != job)
                {
                    var maker = published.Attempt.Job;
                    late.Add(new LateResult(job.Id, experiment.Id, $"made meanwhile by {maker.Experiment.Name}: {maker.Spec.Name}", published.Files));
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

    public DeliveryRow? Fetch(IReadOnlyList<string> queues)
    {
        var next = Deliveries.Where(delivery => delivery.FetchedAt is null && queues.Contains(delivery.Queue))
            .OrderBy(delivery => delivery.Queue, StringComparer.Ordinal).ThenBy(delivery => delivery.Id).FirstOrDefault();
        next?.FetchedAt = now();
        return next;
    }

    public void Remove(long delivery) => Deliveries.RemoveAll(row => row.Id == delivery);

    private IEnumerable<JobRow> First(ExperimentRow experiment, string queue, Func<JobRow, bool> which, int most) =>
        experiment.Jobs.Where(job => (job.State == JobState.Ready || (mutation == Mutation.TakeIgnoresDependencies && job.State == JobState.Waiting))
            && job.Queue == queue && (job.NotBefore is not { } due || due <= now()) && which(job))
            .OrderByDescending(job => job.Priority).ThenBy(job => job.Id).Take(most);

    private bool UnderWay(string fingerprint) =>
        Experiments.Exists(experiment => experiment.Jobs.Exists(job => job.State is JobState.Queued or JobState.Running && job.Fingerprint == fingerprint));

    private IEnumerable<JobRow> Under(JobState state) =>
        Experiments.Where(experiment => experiment.State == ExperimentState.Running).SelectMany(experiment => experiment.Jobs).Where(job => job.State == state);
}
