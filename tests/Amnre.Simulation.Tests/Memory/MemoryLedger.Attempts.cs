using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Specs;

namespace Amnre.Simulation.Tests.Memory;

/// <summary>Claims, leases and ends.</summary>
internal sealed partial class MemoryLedger
{
    public JobTicket? Claim(long jobId, string workerId, TimeSpan lease)
    {
        if (!Jobs.TryGetValue(jobId, out var job)
            || (job.State != JobState.Queued && !(mutation == Mutation.ClaimIgnoresState && job.State == JobState.Running))
            || job.CancelAsked || job.Experiment.CancelAsked || (job.Experiment.Paused && mutation != Mutation.ClaimIgnoresPause)
            || !Workers.TryGetValue(workerId, out var worker) || worker.Ended || worker.Draining
            || !NeedsOf(job).FitsOn(OfferOf(worker))
            || (Open.Exists(other => other.Job.Fingerprint == job.Fingerprint)
                && mutation is not (Mutation.ClaimIgnoresState or Mutation.RescueKeepsToken)))
        {
            return null;
        }

        job.Token = ++_tokens;
        var attempt = new AttemptRow
        {
            Token = job.Token,
            Job = job,
            Number = 1 + job.Attempts.Count,
            Worker = workerId,
            StartedAt = now(),
            LeaseUntil = now() + lease,
            Device = KindFor(job, worker),
        };
        Attempts.Add(attempt.Token, attempt);
        Open.Add(attempt);
        job.Attempts.Add(attempt);
        record(new LedgerEntry.Claimed(attempt));
        Move(job, JobState.Running);
        return Ticket(attempt);
    }

    public Heartbeat Beat(string workerId, long? token, TimeSpan lease, bool leaving = false, ReportedProgress? progress = null)
    {
        var worker = Workers.GetValueOrDefault(workerId);
        var known = worker is { Ended: false };
        if (known) (worker!.HeartbeatAt, worker.Draining) = (now(), worker.Draining || leaving);
        if (token is not { } held || !Attempts.TryGetValue(held, out var attempt))
            return new Heartbeat(known, false, false, known && worker!.Draining, false);
        if (attempt.EndedAt is not null)
        {
            if (mutation != Mutation.BeatRevives || attempt.Outcome != AttemptOutcome.Lost)
                return new Heartbeat(known, false, false, known && worker!.Draining, false);
            attempt.EndedAt = null;
            Open.Add(attempt);
            Unfolded.Remove(attempt);
        }

        if (mutation != Mutation.BeatForgets) attempt.LeaseUntil = now() + lease;
        attempt.GotAnywhere |= progress?.Done > 0;
        record(new LedgerEntry.Renewed(attempt));
        var (job, experiment) = (attempt.Job, attempt.Job.Experiment);
        return new Heartbeat(known, true, experiment.CancelAsked || job.CancelAsked, known && worker!.Draining, experiment.PauseDrains);
    }

    public bool Commit(long token, IReadOnlyList<ArtifactRecord> made)
    {
        var attempt = Attempts[token];
        var ignores = mutation == Mutation.CommitIgnoresToken && attempt.EndedAt is not null && attempt.Outcome != AttemptOutcome.Succeeded;
        if (!ignores && (attempt.EndedAt is not null || (attempt.Job.Token != token && mutation != Mutation.RescueKeepsToken)))
        {
            return attempt.EndedAt is not null && attempt.Outcome == AttemptOutcome.Succeeded;
        }

        End(attempt, AttemptOutcome.Succeeded, null, null);
        attempt.Decided = [.. made.SelectMany(file => file.Decided)];
        Publications[attempt.Job.Fingerprint] = new PublicationRow(attempt, now(), made);
        record(new LedgerEntry.Published(attempt, made));
        return true;
    }

    public bool Damaged(long token, IReadOnlyList<DamagedInput> found, string message)
    {
        var attempt = Attempts[token];
        if (attempt.EndedAt is not null || attempt.Job.Token != token) return false;
        End(attempt, AttemptOutcome.Damaged, null, message);
        if (mutation == Mutation.DamageStaysPublished) return true;
        foreach (var one in found)
        {
            if (Publications.FirstOrDefault(published => published.Value.Attempt.Token == one.Token)
                is not { Key: { } fingerprint } published) continue;
            Publications.Remove(fingerprint);
            Damages.Add(new DamageRow(one.Token, fingerprint, now()));
            record(new LedgerEntry.Withdrawn(fingerprint, published.Value.Attempt));
        }

        return true;
    }

    public bool End(long token, AttemptOutcome outcome, FailureClass? failure, string? message)
    {
        var attempt = Attempts[token];
        if (attempt.EndedAt is null && attempt.Job.Token == token)
        {
            End(attempt, outcome, failure, message);
            return true;
        }

        if (attempt is { EndedAt: not null, Outcome: AttemptOutcome.Lost }) attempt.SurvivedAt ??= now();
        return false;
    }

    public IReadOnlyList<LostAttempt> Rescue()
    {
        if (mutation == Mutation.RescueNever) return [];
        var expired = Open.Where(attempt => attempt.LeaseUntil < now() || mutation == Mutation.RescueIgnoresLease).ToList();
        foreach (var attempt in expired)
        {
            if (mutation == Mutation.RescueKeepsToken)
            {
                if (attempt.Job.State == JobState.Running && attempt.Job.Token == attempt.Token) Move(attempt.Job, JobState.Ready);
                continue;
            }

            End(attempt, AttemptOutcome.Lost, mutation == Mutation.RescueBlamesUser
                ? FailureClass.User
                : LossOf(attempt.Worker), $"worker {attempt.Worker} was not heard of");
        }

        return [.. expired.Select(attempt => new LostAttempt(attempt.Token, attempt.Job.Id, attempt.Worker))];
    }

    public int RetireSilentWorkers(TimeSpan heartbeatTimeout)
    {
        var silent = Workers.Values.Where(worker => !worker.Ended && worker.HeartbeatAt < now() - heartbeatTimeout
            && !Open.Exists(attempt => attempt.Worker == worker.Id)).ToList();
        silent.ForEach(worker => worker.Ended = true);
        return silent.Count;
    }

    /// <summary>A worker that was told to go was killed before it could hand its work back.</summary>
    private FailureClass LossOf(string worker) => Workers[worker].Draining ? FailureClass.Preempted : FailureClass.Infrastructure;

    private JobNeeds NeedsOf(JobRow job) => new(job.Queue, job.Spec.Resources.MemoryBytes, null,
        job.Spec.Resources.SameKind ? BegunOn(job.Fingerprint) : null)
    {
        Gpus = job.Spec.Resources.Gpus,
    };

    private static WorkerOffer OfferOf(WorkerRow worker) => new(worker.Kinds, worker.MemoryBytes, null, worker.Device?.Kinds ?? []);

    private static string? KindFor(JobRow job, WorkerRow worker) =>
        worker.Device is not { } device ? null : job.Spec.Resources.Gpus > 0 ? device.Kind : (device with { Gpu = null }).Kind;

    /// <summary>As <c>amnre.begun_on</c>.</summary>
    private string? BegunOn(string result)
    {
        if (mutation == Mutation.KindForgotten) return null;
        var tried = Attempts.Values.Where(attempt => attempt.Job.Fingerprint == result).ToList();
        var succeeded = tried.Where(attempt => attempt is { EndedAt: not null, Outcome: AttemptOutcome.Succeeded })
            .Select(attempt => attempt.Token).DefaultIfEmpty(0).Max();
        return tried.Where(attempt => attempt.Token > succeeded && attempt.Device is not null
                && (attempt.GotAnywhere || attempt is { EndedAt: not null, Outcome: AttemptOutcome.Drained }))
            .MaxBy(attempt => attempt.Token)?.Device;
    }

    private void End(AttemptRow attempt, AttemptOutcome outcome, FailureClass? failure, string? message)
    {
        (attempt.EndedAt, attempt.Outcome, attempt.Failure, attempt.Message) = (now(), outcome, failure, message);
        Open.Remove(attempt);
        Unfolded.Add(attempt);
        record(new LedgerEntry.Ended(attempt));
    }

    private JobTicket Ticket(AttemptRow attempt)
    {
        var (job, spec) = (attempt.Job, attempt.Job.Spec);
        return new JobTicket
        {
            JobId = job.Id,
            Token = attempt.Token,
            Attempt = attempt.Number,
            Experiment = job.Experiment.Name,
            Name = spec.Name,
            Kind = spec.Kind,
            Settings = spec.Settings,
            Fingerprint = spec.Fingerprint,
            Inputs = [.. Read(job).SelectMany(input =>
            {
                var producer = job.Experiment.ByName[input.Job];
                return Publications.TryGetValue(producer.Fingerprint, out var published)
                    ? published.Files.Where(file => new Amnre.Jobs.Specs.JobOutput(input.Output, null).Matches(file.Name))
                        .Select(file => new TicketInput(input.Role, input.Job, file.Name, file.Path)
                        {
                            Token = published.Attempt.Token,
                            Bytes = file.Bytes,
                            Sha256 = file.Sha256,
                        })
                    : [];
            })],
            Unpublished = [.. Read(job).Select(input => input.Job).Distinct()
                .Where(name => !Publications.ContainsKey(job.Experiment.ByName[name].Fingerprint))],
            Outputs = spec.Outputs,
            Resources = spec.Resources,
            OutputDirectory = $"artifacts/{job.Fingerprint}/{attempt.Token}",
            CheckpointDirectory = $"checkpoints/{job.Fingerprint}",
            UserFile = digest => $"inputs/{digest}",
        };
    }

    /// <summary>Without what it does without, since a decision pruned that.</summary>
    private static IEnumerable<JobInput> Read(JobRow job) => job.Spec.Inputs
        .Where(input => !(input.Optional && job.Experiment.ByName[input.Job].State == JobState.Pruned));
}
