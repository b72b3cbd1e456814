using System.Globalization;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Views;

/// <summary>Says in sentences why a job is where it is. Pure.</summary>
/// <param name="Standing">Why it runs, does not run yet, or never will.</param>
/// <param name="Origin">Why it was to be run, or not, in the first place.</param>
public sealed record JobExplanation(IReadOnlyList<string> Standing, IReadOnlyList<string> Origin)
{
    public static JobExplanation Of(JobFacts facts) => new([.. StandingOf(facts)], [.. OriginOf(facts)]);

    private static IEnumerable<string> StandingOf(JobFacts facts)
    {
        var (job, experiment) = (facts.Job, facts.Experiment);
        switch (job.State)
        {
            case JobState.Waiting:
                foreach (var one in facts.ReadsFrom.Where(one => !one.State.IsDone && one.State != JobState.Pruned))
                    yield return $"waits for {one.Name}, which is " +
                        $"{LedgerText.Of(one.State)}{(one.Reason is null ? "" : $" ({one.Reason})")}";
                break;
            case JobState.Ready:
                if (job.Reason is not null && job.Reason != facts.Because) yield return $"ready: {job.Reason}";
                foreach (var obstacle in ObstaclesOf(facts)) yield return obstacle;
                break;
            case JobState.Queued:
                yield return "handed to the transport; the next free worker takes it";
                foreach (var obstacle in WorkersOf(facts)) yield return obstacle;
                break;
            case JobState.Running when job.Attempt is { EndedAt: null } attempt:
                yield return $"runs on {attempt.Worker} ({attempt.Host}) since {Instant(attempt.StartedAt)}";
                if (attempt.LeaseUntil < facts.Now)
                    yield return "its worker is silent and its lease has run out: the scheduler will end the attempt and retry the job";
                break;
            case JobState.Running:
                yield return "its attempt has ended; the scheduler has yet to process it";
                if (!facts.Scheduled) yield return "no scheduler is running: start 'amnre scheduler' or 'amnre run'";
                break;
            case JobState.Succeeded:
                yield return "made by this job";
                break;
            case JobState.Failed:
                yield return $"failed: {job.Reason ?? job.Attempt?.Message ?? "no reason was recorded"}";
                yield return RemedyOf(facts);
                break;
            case JobState.Pruned:
                yield return job.Reason ?? "pruned by a decision";
                break;
            default:
                yield return LedgerText.Of(job.State) +
                    (job.Reason is null || job.Reason == LedgerText.Of(job.State) ? "" : $": {job.Reason}");
                foreach (var one in facts.ReadsFrom.Where(one => one is { State: JobState.Failed, Reason: not null }))
                    yield return $"{one.Name} failed: {one.Reason}";
                if (job.State.IsAbandoned) yield return RemedyOf(facts);
                break;
        }

        foreach (var sentence in DeviceHistory.Of(facts)) yield return sentence;
        if (job.CancelRequested && !job.State.IsFinal) yield return "its cancellation was requested";
        if (experiment.CancelRequested && !job.State.IsFinal) yield return "the cancellation of its experiment was requested";
        foreach (var drift in facts.Events.Where(one => one.Kind is "drift" or LedgerEvents.Variation or "confirmed" or "damage"))
            yield return $"{Instant(drift.At)} {drift.Kind}: {drift.Message}";
    }

    /// <summary>What brings back a job that was abandoned: itself, or what it reads from; where a later version was submitted, only
    /// submitting again.</summary>
    private static string RemedyOf(JobFacts facts)
    {
        var (experiment, job) = (facts.Experiment, facts.Job);
        if (facts.NewestVersion > experiment.Version)
            return $"version {experiment.Version} was followed by version {facts.NewestVersion}, and only the newest can be retried: " +
                "submitting the earlier file again makes what is missing";
        if (job.Kind == JobKind.Require || facts.ReadsFrom.Any(one => one.State == JobState.Failed && JobKinds.IsRequirement(one.Name)))
            return "a retry compares the same verdict: its report is among the evaluation's results; train longer or on more " +
                "simulations, or change 'require' or 'thresholds' in the file, and submit it again";
        return facts.ReadsFrom.Any(one => one.State.IsAbandoned)
            ? $"'amnre retry {experiment.Name} --where state=failed,cancelled' retries what it reads from, and brings it back with that"
            : $"'amnre retry {experiment.Name}/{job.Name}' retries it";
    }

    private static IEnumerable<string> ObstaclesOf(JobFacts facts)
    {
        var (job, experiment) = (facts.Job, facts.Experiment);
        if (experiment.Paused) yield return $"the experiment is paused: 'amnre resume {experiment.Name}' resumes it";
        if (job.NotBefore is { } due && due > facts.Now)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"waits out a back-off until {Instant(due)}, {(due - facts.Now).TotalSeconds:0} s from now");
        if (facts.MadeBy is { } other) yield return $"the same result is being made by {other.Experiment}/{other.Name}; it will be reused";
        if (facts.UnderWay >= experiment.AtMost)
            yield return $"its experiment has {facts.UnderWay} jobs under way and allows {experiment.AtMost} at once (at_most; 'amnre " +
                "extend' with another takes effect at once)";
        foreach (var obstacle in WorkersOf(facts)) yield return obstacle;
        if (facts.Ahead > 0)
            yield return $"{facts.Ahead} ready job{(facts.Ahead == 1 ? " goes" : "s go")} first: by priority, then users take turns, " +
                "then their experiments, then the earliest";
    }

    private static IEnumerable<string> WorkersOf(JobFacts facts)
    {
        if (!facts.Scheduled) yield return "no scheduler is running: start 'amnre scheduler' or 'amnre run'";
        var live = facts.Workers.Where(worker => !worker.IsSilent).ToList();
        var misfits = live.Select(worker => (Worker: worker, Misfit: facts.Needs.MisfitOn(worker.OfferAt(facts.Now)))).ToList();
        var serving = misfits.Where(one => one.Misfit != Misfit.Queue).ToList();
        var ofKind = serving.Where(one => one.Misfit != Misfit.Device).ToList();
        var fit = ofKind.Where(one => one.Misfit is null).Select(one => one.Worker).ToList();
        foreach (var host in serving.Select(one => one.Worker).Where(worker => worker.Avoided).Select(worker => worker.Host).Distinct())
            yield return $"host {host} is avoided while there are others: within ten minutes three jobs failed there, not by their own " +
                "fault, or three results were found damaged there and nowhere else";
        if (live.Count == 0) yield return "no worker is running: start 'amnre worker' or 'amnre run'";
        else if (serving.Count == 0)
            yield return $"no worker fits: it needs {facts.Resources.Gpus} GPU{(facts.Resources.Gpus == 1 ? "" : "s")}, which none of " +
                $"the {live.Count} workers offers";
        else if (ofKind.Count == 0)
            yield return $"no worker fits: it was begun on {DeviceHistory.Latest(facts)?.ToString() ?? facts.HeldTo}, and 'same_kind' " +
                "keeps it on that kind of device: start a worker on one, or submit the file again without 'same_kind'";
        else if (ofKind.TrueForAll(one => one.Worker.Draining)) yield return "every worker that fits is leaving";
        else if (fit.Count == 0) yield return $"no worker fits: {Lacking(facts, ofKind)}";
        else if (fit.TrueForAll(worker => worker.Draining || worker.Job is not null))
            yield return $"all {fit.Count} workers that fit are busy";
    }

    /// <summary>What is too little on the workers of the job's queue and kind of device, of which none fits.</summary>
    private static string Lacking(JobFacts facts, IReadOnlyList<(WorkerSnapshot Worker, Misfit? Misfit)> workers)
    {
        var little = workers.Where(one => one.Misfit == Misfit.Memory).Select(one => one.Worker).ToList();
        var soon = workers.Where(one => one.Misfit == Misfit.Time).Select(one => one.Worker).ToList();
        var memory = $"it needs {MemorySize.Text(facts.Resources.MemoryBytes)}, and the largest offers " +
            $"{MemorySize.Text(little.Max(worker => worker.MemoryBytes) ?? 0)}";
        var time = $"its expected duration is {Length(facts.Expected)}, and every allocation ends before (the last at " +
            $"{Instant(soon.Max(worker => worker.EndsAt) ?? facts.Now)})";
        return soon.Count == 0 ? memory : little.Count == 0 ? time : $"{memory}; of those with more, {time}";
    }

    private static string Length(TimeSpan? time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)(time?.TotalHours ?? 0):00}:{time?.Minutes:00}:{time?.Seconds:00}");

    private static IEnumerable<string> OriginOf(JobFacts facts)
    {
        if (facts.Because is { } because) yield return $"its submission decided so: {because}";
        if (facts.KeyChanges is { } changes) yield return $"against the version before: {changes}";
        if (facts.Publication is { } by)
            yield return $"its result is published since {Instant(by.At)} by {by.Experiment}/{by.Job}, token {by.Token}";
    }

    private static string Instant(DateTime utc) => utc.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
