using Amnre.Engine;
using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Submissions;
using Amnre.Jobs.Workers;

namespace Amnre.Simulation.Tests.Memory;

/// <summary>The ledger's contract over rows in memory: each method is what one PostgreSQL transaction or statement does, in an instant.
/// Everything that the house decides is decided here by the same pure functions as there.</summary>
/// <param name="now">The database's clock.</param>
/// <param name="mutation">What is wrong with this one.</param>
/// <param name="record">Told of each change of a row.</param>
internal sealed partial class MemoryLedger(Func<TimeSpan> now, Mutation mutation, Action<LedgerEntry> record)
{
    private long _ids;
    private long _tokens;

    /// <summary>How many jobs of each result are queued or running.</summary>
    private readonly Dictionary<string, int> _underWay = new(StringComparer.Ordinal);

    public List<ExperimentRow> Experiments { get; } = [];

    public Dictionary<long, JobRow> Jobs { get; } = [];

    public Dictionary<long, AttemptRow> Attempts { get; } = [];

    /// <summary>Those without an end.</summary>
    public List<AttemptRow> Open { get; } = [];

    public List<AttemptRow> Unfolded { get; } = [];

    public Dictionary<string, WorkerRow> Workers { get; } = new(StringComparer.Ordinal);

    public List<DeliveryRow> Deliveries { get; } = [];

    public Dictionary<string, PublicationRow> Publications { get; } = new(StringComparer.Ordinal);

    public List<DamageRow> Damages { get; } = [];

    public ExperimentRow Experiment(long id) =>
        Experiments.Find(experiment => experiment.Id == id) ?? throw new InputException($"no experiment {id}");

    /// <summary>The first part of a submission, which locks nothing.</summary>
    public (Submitted? Attached, IReadOnlyList<ReuseDecision> Decisions) Consider(ExperimentPlan plan)
    {
        var graph = PlanCheck.Check(plan);
        if (AttachedTo(plan) is { } attached)
        {
            return (attached, []);
        }

        var candidates = plan.Jobs.Select((job, place) => new ReuseCandidate(
            graph.Dependents(place).Count == 0 || job.Outputs.Any(output => output.Path is not null),
            Publications.ContainsKey(job.Fingerprint.Text) ? null : "never made")).ToList();
        return (null, ReuseRules.Decide(graph, candidates, [.. plan.Jobs.Select(job => job.Name)],
            place => Publications.TryGetValue(plan.Jobs[place].Fingerprint.Text, out var published) ? published.Attempt.Decided : null));
    }

    /// <summary>The second part, under the lock of the experiment's name.</summary>
    /// <param name="torn">For a ledger that may be torn: what a crash leaves.</param>
    public Submitted Submit(ExperimentPlan plan, IReadOnlyList<ReuseDecision> decisions, int priority, bool torn = false)
    {
        if (mutation != Mutation.SubmissionRepeats && AttachedTo(plan) is { } attached)
        {
            return attached;
        }

        var experiment = new ExperimentRow
        {
            Id = ++_ids,
            Name = plan.Name,
            Version = 1 + Experiments.Count(other => other.Name == plan.Name),
            Digest = PlanDigest.Of(plan),
            SubmittedAt = now(),
            Plan = plan,
            Graph = PlanCheck.Check(plan),
            Priority = priority,
            State = decisions.Any(decision => decision.Runs) ? ExperimentState.Running : ExperimentState.Succeeded,
        };
        Experiments.Add(experiment);
        for (var place = 0; place < (torn ? plan.Jobs.Count / 2 : plan.Jobs.Count); place++)
        {
            var unmet = decisions[place].Runs ? experiment.Graph.Dependencies(place).Count(dependency => decisions[dependency].Runs) : 0;
            var job = new JobRow
            {
                Id = ++_ids,
                Experiment = experiment,
                Place = place,
                Spec = plan.Jobs[place],
                Queue = JobQueues.For(plan.Jobs[place].Resources),
                Priority = priority,
                State = decisions[place].Pruned ? JobState.Pruned
                    : !decisions[place].Runs ? JobState.Reused : unmet > 0 ? JobState.Waiting : JobState.Ready,
                Unmet = unmet,
            };
            Jobs.Add(job.Id, job);
            experiment.Jobs.Add(job);
            experiment.Names.Add(job.Spec.Name);
            experiment.ByName.Add(job.Spec.Name, job);
            experiment.Queues.Add(job.Queue);
        }

        record(new LedgerEntry.Submitted(experiment));
        return new Submitted(experiment.Id, experiment.Version, Attached: false,
            [.. plan.Jobs.Zip(decisions, (job, decision) => new SubmittedJob(job.Name, decision.Runs, decision.Reason))]);
    }

    public void Register(WorkerEntry worker)
    {
        if (!Workers.TryGetValue(worker.Id, out var row))
        {
            Workers.Add(worker.Id,
                row = new WorkerRow
                {
                    Id = worker.Id,
                    Slots = worker.Slots,
                    Kinds = worker.Kinds,
                    MemoryBytes = worker.MemoryBytes,
                    Device = worker.Device,
                });
        }

        (row.HeartbeatAt, row.Ended) = (now(), false);
    }

    public bool AskToDrain(string worker)
    {
        if (!Workers.TryGetValue(worker, out var row) || row.Ended) return false;
        return row.Draining = true;
    }

    public void Leave(string worker)
    {
        if (Workers.TryGetValue(worker, out var row) && !row.Ended) (row.Ended, row.Draining) = (true, true);
    }

    public int ReportDead(string worker, string message)
    {
        if (Workers.TryGetValue(worker, out var row)) row.Ended = true;
        var open = Open.Where(attempt => attempt.Worker == worker).ToList();
        foreach (var attempt in open) End(attempt, Amnre.Jobs.Attempts.AttemptOutcome.Lost, LossOf(worker), message);
        return open.Count;
    }

    private Submitted? AttachedTo(ExperimentPlan plan)
    {
        var last = Experiments.FindLast(experiment => experiment.Name == plan.Name);
        if (last is not { State: ExperimentState.Running }) return null;
        return last.Digest == PlanDigest.Of(plan)
            ? new Submitted(last.Id, last.Version, Attached: true, [])
            : throw new OtherPlanException($"experiment '{plan.Name}' is under way with another plan");
    }
}
