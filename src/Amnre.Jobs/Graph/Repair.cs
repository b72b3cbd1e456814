namespace Amnre.Jobs.Graph;

/// <summary>How results that were found damaged or lost are made again, and how a job comes back whose inputs may be made again meanwhile.
/// Pure.</summary>
internal static class Repair
{
    /// <summary>The producers that are done run again, unless that was done too often or what they read from was abandoned. A job that was
    /// to read from them waits; one that runs already does not: it has read whole files, or will find the damage itself.</summary>
    public static IReadOnlyList<JobChange> Decide(
        JobGraph graph, IReadOnlyList<JobStanding> standings, IReadOnlyList<string> names, GraphEvent.Damaged found, RetryPolicy policy)
    {
        var changes = new Changes(graph, standings, names);
        foreach (var producer in found.Lacking.Order().Where(producer => changes[producer].State.IsDone))
            changes.Remake(producer, found.Message, policy);
        changes.Return(found.Job, standings[found.Job].Failures, TimeSpan.Zero, found.Message);
        return changes.All;
    }

    /// <summary>A running job comes back: ready, or waiting for what is being made again, or abandoned with it.</summary>
    /// <param name="failures">Its failures by now.</param>
    /// <param name="delay">How long it waits when it is ready.</param>
    public static IReadOnlyList<JobChange> Return(
        JobGraph graph, IReadOnlyList<JobStanding> standings, IReadOnlyList<string> names, int job, FailureTally failures, TimeSpan delay,
        string reason)
    {
        var changes = new Changes(graph, standings, names);
        changes.Return(job, failures, delay, reason);
        return changes.All;
    }

    /// <summary>Changes one after the other, each decided on what the earlier ones left.</summary>
    private sealed class Changes(JobGraph graph, IReadOnlyList<JobStanding> standings, IReadOnlyList<string> names)
    {
        private readonly JobStanding[] _now = [.. standings];
        private readonly List<JobChange> _all = [];

        public IReadOnlyList<JobChange> All => _all;

        public JobStanding this[int job] => _now[job];

        public void Remake(int producer, string message, RetryPolicy policy)
        {
            if (_now[producer].Failures.Damages > policy.DamageRetries)
            {
                Abandon(producer, JobState.Failed,
                    $"its results were found damaged or lost {_now[producer].Failures.Damages} times; the last: {message}");
            }
            else if (FirstAbandoned(producer) is { } lost)
            {
                Abandon(producer, JobState.Skipped, $"{names[lost]} {Fate(lost)}, and its own results are lost: {message}");
            }
            else
            {
                Await(producer, TimeSpan.Zero, $"made again: {message}");
                foreach (var reader in graph.Dependents(producer)
                    .Where(reader => _now[reader].State is JobState.Waiting or JobState.Ready or JobState.Queued))
                    Set(reader, _now[reader] with { State = JobState.Waiting, Unmet = _now[reader].Unmet + 1 }, TimeSpan.Zero,
                        $"{names[producer]} is rerun");
            }
        }

        public void Return(int job, FailureTally failures, TimeSpan delay, string reason)
        {
            _now[job] = _now[job] with { Failures = failures };
            if (FirstAbandoned(job) is { } lost)
                Abandon(job, _now[lost].State == JobState.Cancelled ? JobState.Cancelled : JobState.Skipped, $"{names[lost]} {Fate(lost)}");
            else Await(job, delay, reason);
        }

        private int? FirstAbandoned(int job)
        {
            foreach (var dependency in graph.Dependencies(job))
                if (_now[dependency].State.IsAbandoned) return dependency;
            return null;
        }

        private string Fate(int job) => _now[job].State == JobState.Cancelled ? "was cancelled" : "failed";

        private void Await(int job, TimeSpan delay, string reason)
        {
            var unmet = graph.Unmet(job, dependency => _now[dependency].State);
            Set(job, _now[job] with { State = unmet == 0 ? JobState.Ready : JobState.Waiting, Unmet = unmet }, unmet == 0
                ? delay
                : TimeSpan.Zero, reason);
        }

        private void Abandon(int job, JobState to, string reason)
        {
            Set(job, _now[job] with { State = to }, TimeSpan.Zero, reason);
            var abandoned = new HashSet<int> { job };
            foreach (var reader in graph.Downstream(job)
                .Where(reader => _now[reader].State is JobState.Waiting or JobState.Ready or JobState.Queued))
            {
                if (!graph.Dependencies(reader).Any(abandoned.Contains)) continue;
                abandoned.Add(reader);
                Set(reader, _now[reader] with { State = to == JobState.Cancelled ? to : JobState.Skipped }, TimeSpan.Zero,
                    $"{names[job]} {Fate(job)}");
            }
        }

        private void Set(int job, JobStanding to, TimeSpan delay, string reason)
        {
            _all.Add(new JobChange(job, _now[job].State, to, delay, reason));
            _now[job] = to;
        }
    }
}
