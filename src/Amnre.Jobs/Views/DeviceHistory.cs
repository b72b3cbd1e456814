using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Views;

/// <summary>On which kinds of device a training was computed: resumed on another, it ends in other last digits. Pure.</summary>
internal static class DeviceHistory
{
    /// <summary>Sentences about a training that changed its kind of device, or will with the next attempt.</summary>
    public static IEnumerable<string> Of(JobFacts facts)
    {
        if (!facts.Job.Kind.Resumes) yield break;
        var begun = Resumable(facts.Attempts).FirstOrDefault();
        if (begun is not null && facts.Attempts[^1] is { Device: { } last } latest && latest.Token > begun.Token
            && last.Kind != begun.Device!.Kind)
        {
            yield return $"it was begun on {begun.Device} (attempt {begun.Number}) and resumed on {last} (attempt {latest.Number}): " +
                "other hardware, so its last digits are those of neither; "
                + "'same_kind: true' under the model's 'resources' keeps a training on one kind";
        }

        if (facts.HeldTo is null && facts.Job.State is JobState.Ready or JobState.Queued && Latest(facts) is { } device
            && Elsewhere(facts, device) is { } other)
            yield return $"it was begun on {device} and will be resumed on other hardware ({other}), in other last digits: no worker of " +
                "the first kind is connected";
    }

    /// <summary>The device of the state that the next attempt resumes; null where there is no such state.</summary>
    public static DeviceFacts? Latest(JobFacts facts) => Resumable(facts.Attempts).LastOrDefault()?.Device;

    /// <summary>The device of a worker that may take the job, when none of them is of the kind; null otherwise.</summary>
    private static DeviceFacts? Elsewhere(JobFacts facts, DeviceFacts device)
    {
        var known = facts.Workers.Where(worker => !worker.IsSilent && !worker.Draining && worker.Kinds.Contains(facts.Queue)
            && worker.Device is not null).ToList();
        return known.Exists(worker => worker.OfferAt(facts.Now).KindFor(facts.Resources.Gpus) == device.Kind)
            ? null : known.FirstOrDefault()?.Device;
    }

    /// <summary>As <c>amnre.resumable</c> finds them in the database: since the last success, those that got anywhere and were followed or
    /// may be.</summary>
    private static IEnumerable<AttemptSnapshot> Resumable(IReadOnlyList<AttemptSnapshot> attempts)
    {
        // What a success ended is not resumed: a later success starts over, and the last one is what the job's result came from.
        var before = attempts.Take(Math.Max(attempts.Count - 1, 0)).LastOrDefault(one => one.Outcome == AttemptOutcome.Succeeded)?.Token
            ?? 0;
        return attempts.Where(one => one.Token > before && one.Device is not null && one.Outcome != AttemptOutcome.Succeeded
            && (one.Outcome == AttemptOutcome.Drained || one.Progress?.Done > 0));
    }
}
