using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Specs;
using Amnre.Simulation.Tests.Memory;
using Amnre.Simulation.Tests.Worlds;
using Amnre.Testing;

namespace Amnre.Simulation.Tests.Audit;

/// <summary>Watches every change of the ledger and holds it against I1 to I8, from books of its own.</summary>
internal sealed class Auditor(World world, SimulatedDatabase database, SimulatedStore store, RetryPolicy policy, TimeSpan lease)
{
    private static readonly TimeSpan SlowestTransaction = TimeSpan.FromSeconds(5);

    /// <summary>By result, the kind of device on which its state was saved.</summary>
    private readonly Dictionary<string, string?> _begun = new(StringComparer.Ordinal);

    private readonly Dictionary<JobRow, WatchedJob> _jobs = [];
    private readonly Dictionary<AttemptRow, TimeSpan> _leases = [];
    private readonly HashSet<AttemptRow> _folded = [];
    private readonly Dictionary<ExperimentRow, HashSet<int>> _pruned = [];
    private readonly Dictionary<string, string> _expected = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _queued = new(StringComparer.Ordinal);
    private readonly List<(long Id, int Jobs)> _acknowledged = [];
    private readonly Dictionary<string, List<long>> _withdrawn = new(StringComparer.Ordinal);
    private long _lastToken;
    private int _mostSlots;

    /// <summary>The first thing that did not hold.</summary>
    public string? Violation { get; private set; }

    /// <summary>Tokens of attempts whose failure is their experiment's own fault.</summary>
    public HashSet<long> UserFaults { get; } = [];

    /// <summary>Files that were damaged or lost in the store.</summary>
    public HashSet<string> DamagedFiles { get; } = new(StringComparer.Ordinal);

    /// <summary>Workers that their launcher saw die.</summary>
    public HashSet<string> SeenDying { get; } = new(StringComparer.Ordinal);

    public int Claims { get; private set; }

    public int Commits { get; private set; }

    public int Losses { get; private set; }

    public void Acknowledge(long experiment, int jobs) => _acknowledged.Add((experiment, jobs));

    public void Record(LedgerEntry entry)
    {
        switch (entry)
        {
            case LedgerEntry.Submitted e:
                Submitted(e.Experiment);
                break;
            case LedgerEntry.Claimed e:
                Claimed(e.Attempt);
                break;
            case LedgerEntry.Renewed e:
                Require(_leases.ContainsKey(e.Attempt), $"I2: attempt {e.Attempt.Token} was renewed after its end");
                _leases[e.Attempt] = database.Now + lease;
                break;
            case LedgerEntry.Ended e:
                Ended(e.Attempt);
                break;
            case LedgerEntry.Published e:
                Published(e.Attempt, e.Files);
                break;
            case LedgerEntry.Withdrawn e:
                Require(database.Ledger.Attempts.Values.Any(attempt => attempt == e.Attempt)
                    && DamagedFiles.Contains($"artifacts/{e.Fingerprint}/{e.Attempt.Token}/out.txt"),
                    $"I6: token {e.Attempt.Token} was withdrawn, whose files are whole");
                if (!_withdrawn.TryGetValue(e.Fingerprint, out var tokens)) _withdrawn.Add(e.Fingerprint, tokens = []);
                tokens.Add(e.Attempt.Token);
                break;
            case LedgerEntry.Moved e:
                Moved(e.Job, e.From, e.To, e.Asked);
                break;
            case LedgerEntry.Folded e:
                Require(_folded.Add(e.Attempt), $"attempt {e.Attempt.Token} was concluded from twice");
                break;
            case LedgerEntry.Finished e:
                Require(e.Experiment.Jobs.TrueForAll(job => job.State.IsFinal), $"experiment {e.Experiment.Id} ended before its jobs");
                break;
        }
    }

    /// <summary>What must hold when faults have ceased and everybody had the time to recover.</summary>
    public void AtTheEnd()
    {
        foreach (var experiment in database.Ledger.Experiments)
        {
            var stuck = experiment.Jobs.Where(job => !job.State.IsFinal).Select(job => $"{job.Id} {job.Spec.Name} {job.State}");
            Require(experiment.State != ExperimentState.Running,
                $"I4: experiment {experiment.Id} came to no end: {string.Join(", ", stuck)}");
            foreach (var job in experiment.Jobs.Where(job => job.State == JobState.Succeeded))
            {
                Require(database.Ledger.Publications.TryGetValue(job.Fingerprint, out var published)
                    ? published.Files.All(file => DamagedFiles.Contains(file.Path)
                        || (store.Files.TryGetValue(file.Path, out var kept) && kept.Complete && kept.Text == file.Sha256))
                    : _withdrawn.ContainsKey(job.Fingerprint),
                    $"I6: what {job.Spec.Name} published is not in the store");
            }
        }

        foreach (var (id, jobs) in _acknowledged)
        {
            Require(database.Ledger.Experiments.Exists(experiment => experiment.Id == id && experiment.Jobs.Count == jobs),
                $"I5: acknowledged experiment {id} is not whole");
        }

        Require(_leases.Count == 0, $"I4: attempts without an end: {string.Join(' ', _leases.Keys.Select(attempt => attempt.Token))}");
        Require(database.Ledger.Attempts.Values.All(attempt => attempt.EndedAt is not null && _folded.Contains(attempt)),
            "I8: an attempt's time is in nobody's account");
    }

    /// <summary>What a job must make, whatever happened on the way.</summary>
    private string Expected(ExperimentRow experiment, string name)
    {
        var spec = experiment.ByName[name].Spec;
        if (!_expected.TryGetValue(spec.Fingerprint.Text, out var text))
        {
            text = SimulatedStore.TextOf(spec.Fingerprint.Text, spec.Inputs
                .Where(input => !input.Optional || !Pruned(experiment).Contains(experiment.ByName[input.Job].Place))
                .Select(input => Expected(experiment, input.Job)));
            _expected.Add(spec.Fingerprint.Text, text);
        }

        return text;
    }

    /// <summary>Places of the jobs that the decisions of an experiment prune, whatever happens on the way.</summary>
    private HashSet<int> Pruned(ExperimentRow experiment)
    {
        if (!_pruned.TryGetValue(experiment, out var places))
            _pruned.Add(experiment, places = [.. PrunedJobs.Of(experiment.Graph, place => experiment.Jobs[place].Spec is var spec
                && spec.Kind == JobKind.Decide ? PlayedDecision.Of(spec.Kind, spec.Settings, spec.Fingerprint) : null).Keys]);
        return places;
    }

    private void Submitted(ExperimentRow experiment)
    {
        Require(experiment.Jobs.Count == experiment.Plan.Jobs.Count,
            $"I5: experiment {experiment.Id} is visible with {experiment.Jobs.Count} of {experiment.Plan.Jobs.Count} jobs");
        Require(!database.Ledger.Experiments.Exists(other => other != experiment && other.Name == experiment.Name
            && other.State == ExperimentState.Running),
            $"I5: experiment {experiment.Name} is under way twice");
        Require(experiment.Jobs.TrueForAll(job => job.State != JobState.Pruned || Pruned(experiment).Contains(job.Place)),
            $"experiment {experiment.Id} begins without jobs whom the decisions admit");
        foreach (var job in experiment.Jobs) _jobs.Add(job, new WatchedJob { State = job.State });
    }

    private void Claimed(AttemptRow attempt)
    {
        var (job, watched) = (attempt.Job, _jobs[attempt.Job]);
        Claims++;
        if (world.IsTraced) world.Say($"        job {job.Id} {job.Spec.Name} claimed by {attempt.Worker}: token {attempt.Token}");
        Require(attempt.Token > _lastToken, $"I2: token {attempt.Token} after {_lastToken}");
        _lastToken = attempt.Token;
        Require(watched.State == JobState.Queued, $"I1: job {job.Id} was claimed while {watched.State}");
        Require(!_leases.Keys.Any(open => open.Job.Fingerprint == job.Fingerprint),
            $"I1: job {job.Id} was claimed while another attempt at its result is open");
        Require(!job.Experiment.Paused && !job.Experiment.CancelAsked && !job.CancelAsked,
            $"job {job.Id} was claimed while paused or cancelled");
        Require(!job.Spec.Resources.SameKind || !_begun.TryGetValue(job.Fingerprint, out var begun) || begun == attempt.Device,
            $"job {job.Id} is kept on the kind of device that it was begun on, and was claimed by {attempt.Worker} of another");
        RequireInputs(job);
        watched.Current = attempt;
        watched.Concluded = false;
        _leases.Add(attempt, database.Now + lease);
    }

    private void RequireInputs(JobRow job)
    {
        Require(!Pruned(job.Experiment).Contains(job.Place), $"I3: job {job.Id} {job.Spec.Name} goes, whom a decision does not admit");
        foreach (var place in job.Experiment.Graph.Dependencies(job.Place))
        {
            var producer = job.Experiment.Jobs[place];
            if (job.Experiment.Graph.Rule(job.Place, place).Optional && _jobs[producer].State == JobState.Pruned) continue;
            // What another experiment's job found damaged is withdrawn at once; who was to read it finds nothing and says so.
            Require(_jobs[producer].State.IsDone
                && (database.Ledger.Publications.ContainsKey(producer.Fingerprint) || _withdrawn.ContainsKey(producer.Fingerprint)),
                $"I3: job {job.Id} {job.Spec.Name} goes before {producer.Spec.Name}, which is {_jobs[producer].State}");
        }
    }

    private void Ended(AttemptRow attempt)
    {
        if (world.IsTraced) world.Say($"        token {attempt.Token} ended {attempt.Outcome} {attempt.Failure}");
        Require(_leases.Remove(attempt, out var until), $"I2: attempt {attempt.Token} ended twice");
        if (attempt.Outcome == AttemptOutcome.Lost)
        {
            Losses++;
            Require(until < database.Now || SeenDying.Contains(attempt.Worker),
                $"attempt {attempt.Token} was given up while its lease held");
            Require(attempt.Failure is FailureClass.Infrastructure or FailureClass.Preempted,
                $"I7: lost attempt {attempt.Token} is charged to {attempt.Failure}");
        }

        if (attempt.Outcome == AttemptOutcome.Drained) _begun[attempt.Job.Fingerprint] = attempt.Device;
        Require(attempt.Failure != FailureClass.User || UserFaults.Contains(attempt.Token),
            $"I7: attempt {attempt.Token} is charged to the user");
    }

    private void Published(AttemptRow attempt, IReadOnlyList<ArtifactRecord> files)
    {
        var (job, watched) = (attempt.Job, _jobs[attempt.Job]);
        Commits++;
        _begun.Remove(job.Fingerprint);
        Require(watched.Current == attempt, $"I2: token {attempt.Token} published, but {watched.Current?.Token} is the current one of " +
            $"job {job.Id}");
        Require(watched.State == JobState.Running, $"I2: job {job.Id} was published while {watched.State}");
        Require(++watched.Accepted == 1, $"I1: job {job.Id} was published {watched.Accepted} times");
        foreach (var file in files)
        {
            Require(store.Files.TryGetValue(file.Path, out var kept) && kept.Complete, $"I6: {file.Path} is published and not whole");
            Require(kept?.WrittenBy == attempt.Worker && kept.Text == file.Sha256, $"I6: {file.Path} is not what was recorded");
            Require(file.Sha256 == Expected(job.Experiment, job.Spec.Name), $"I6: {job.Spec.Name} came out otherwise than undisturbed");
        }
    }

    private void Moved(JobRow job, JobState from, JobState to, bool asked)
    {
        var watched = _jobs[job];
        if (world.IsTraced) world.Say($"        job {job.Id} {job.Spec.Name}: {from} -> {to}{(asked ? " as asked" : "")}");
        Require(watched.State == from, $"job {job.Id} left {from} but was {watched.State}");
        Require(Transitions.IsLegal(from, to, asked, _withdrawn.ContainsKey(job.Fingerprint)), $"job {job.Id} went from {from} to {to}");
        watched.State = to;
        if (from == JobState.Queued) _queued[job.Queue]--;
        if (to == JobState.Queued) _queued[job.Queue] = _queued.GetValueOrDefault(job.Queue) + 1;
        if (from == JobState.Running)
        {
            Require(watched.Current is { EndedAt: not null } && !watched.Concluded,
                $"job {job.Id} went from {from} to {to} while its attempt {watched.Current?.Token} is open");
            Require((watched.Current?.Outcome == AttemptOutcome.Succeeded) == (to == JobState.Succeeded),
                $"I1: job {job.Id}, whose attempt {watched.Current?.Outcome}, became {to}");
            watched.Concluded = true;
        }

        if (from.IsFinal) watched.Accepted = 0;
        if (asked)
        {
            (watched.Accepted, watched.BudgetFrom) = (0, job.Attempts.Count == 0 ? 0 : job.Attempts[^1].Token);
        }

        switch (to)
        {
            case JobState.Ready or JobState.Queued:
                RequireInputs(job);
                if (to == JobState.Queued) RequireRoom(job.Queue);
                break;
            case JobState.Failed:
                Require(from.IsDone
                    ? _withdrawn[job.Fingerprint].Count > policy.DamageRetries
                    : Exhausted(job, watched.BudgetFrom), $"I7: job {job.Id} failed with retries left");
                break;
            case JobState.Skipped:
                Require(job.Experiment.Graph.Dependencies(job.Place).Any(place => job.Experiment.Jobs[place].State.IsAbandoned),
                    $"job {job.Id} was skipped for no reason");
                break;
            case JobState.Pruned:
                Require(Pruned(job.Experiment).Contains(job.Place), $"job {job.Id} was pruned, whom the decisions admit");
                break;
            case JobState.Reused:
                Require(database.Ledger.Publications.ContainsKey(job.Fingerprint), $"job {job.Id} is reused, but nothing is published");
                break;
        }
    }

    private void RequireRoom(string queue)
    {
        // What was put there when there were more workers lies there still, and two may believe for a moment that they lead.
        _mostSlots = Math.Max(_mostSlots, database.Ledger.Workers.Values.Count(worker => !worker.Ended));
        var room = 2 * Math.Max(2, 2 * _mostSlots);
        var waiting = _queued[queue];
        Require(waiting <= room, $"I8: {waiting} jobs lie in {queue}, which has room for {room}");
    }

    private bool Exhausted(JobRow job, long budgetFrom)
    {
        var failures = job.Attempts.Where(attempt => attempt.Token > budgetFrom && attempt.EndedAt is not null
            && attempt.Failure is not null).ToList();
        // Who speaks while the conclusion is being drawn is not heard any more.
        return failures.Count(attempt => attempt is { Outcome: AttemptOutcome.Lost, Failure: FailureClass.Infrastructure }
            && !(attempt.SurvivedAt < database.Now - SlowestTransaction)) >= policy.PoisonAfter
            || failures.GroupBy(attempt => attempt.Failure!.Value).Any(of => of.Count() > policy.Retries(of.Key));
    }

    private void Require(bool holds, string otherwise)
    {
        if (holds || Violation is not null) return;
        Violation = otherwise;
        world.Say($"!!!!!!  {otherwise}");
    }

    private sealed class WatchedJob
    {
        public JobState State { get; set; }

        public AttemptRow? Current { get; set; }

        public bool Concluded { get; set; }

        public int Accepted { get; set; }

        public long BudgetFrom { get; set; }
    }
}
