using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Specs;
using Amnre.Scheduler;
using Amnre.Simulation.Tests.Audit;
using Amnre.Simulation.Tests.Histories;
using Amnre.Simulation.Tests.Memory;
using Amnre.Simulation.Tests.Worlds;

namespace Amnre.Simulation.Tests.Scale;

/// <summary>One experiment, one scheduler and a great many workers as they are set by default, on virtual time: who asks the database for
/// what and how often, while the auditor holds every change against the invariants.</summary>
/// <remarks>A statement takes 1 to 20 ms there and back, a conclusion 1 to 20 ms more. Nothing limits how many the database answers at
/// once, so this shows the traffic that the design asks for, not whether a database bears it.</remarks>
internal sealed class ScaleWorld
{
    private readonly World _world = new(seed: 7, traced: false);
    private readonly Auditor _auditor;
    private readonly SimulatedScheduler _scheduler;
    private readonly List<SimulatedWorker> _workers;
    private readonly Dictionary<JobRow, TimeSpan> _published = [];

    public ScaleWorld(int workers, ExperimentPlan plan, bool hintsToAll = false)
    {
        Database = new SimulatedDatabase(_world) { TransactionTime = () => _world.Between(0.001, 0.02) };
        Database.Hints.ToAll = hintsToAll;
        var store = new SimulatedStore();
        var options = new SchedulerOptions { ConnectionString = "", StoreRoot = "" };
        var lease = new Worker.WorkerOptions { ConnectionString = "", StoreRoot = "", Executions = [] }.Lease;
        _auditor = new Auditor(_world, Database, store, options.Retry, lease);
        Database.Ledger = new MemoryLedger(() => Database.Now, Mutation.None, Record);
        var (_, decisions) = Database.Ledger.Consider(plan);
        Experiment = Database.Ledger.Experiment(Database.Ledger.Submit(plan, decisions, priority: 0).ExperimentId);
        _scheduler = new SimulatedScheduler(_world, Database, "s", options, listens: true);
        _workers = [.. Enumerable.Range(0, workers)
            .Select(n => new SimulatedWorker(_world, Database, store, _auditor, $"w{n}", lease, Mutation.None, WorkerHabits.Usual))];
    }

    public SimulatedDatabase Database { get; }

    public ExperimentRow Experiment { get; }

    public TimeSpan Time => _world.Time;

    public long Steps => _world.Steps;

    public long Rounds => _scheduler.Rounds;

    public int Claims => _auditor.Claims;

    public int Running => Database.Ledger.Open.Count;

    /// <summary>Attempts that came to nothing, and when they ended.</summary>
    public List<(TimeSpan At, AttemptRow Attempt)> Wasted { get; } = [];

    /// <summary>Seconds from the end of the last job that a job reads from to its first claim.</summary>
    public List<double> Gaps { get; } = [];

    public bool IsOver => Experiment.State != ExperimentState.Running;

    /// <summary>Lets time pass until something holds.</summary>
    public void RunUntil(Func<bool> holds)
    {
        while (!holds())
        {
            if (_auditor.Violation is not null || _scheduler.Process.Fault is not null || !_world.Step()
                || _world.Time > TimeSpan.FromDays(100))
            {
                Assert.Fail($"at {_world.Time}: " +
                $"{_auditor.Violation ?? _scheduler.Process.Fault?.ToString() ?? "it does not come to an end"}");
            }
        }
    }

    public void Pass(TimeSpan time)
    {
        var until = _world.Time + time;
        RunUntil(() => _world.Time >= until);
    }

    /// <summary>As kill -9 of them all, with nobody who sees it.</summary>
    /// <returns>What they were at.</returns>
    public IReadOnlySet<AttemptRow> Kill(int workers)
    {
        var names = _workers.Take(workers).Select(worker => worker.Process.Name).ToHashSet();
        foreach (var worker in _workers.Take(workers)) worker.Process.Kill();
        return Database.Ledger.Open.Where(attempt => names.Contains(attempt.Worker)).ToHashSet();
    }

    /// <summary>To the end, at which everything must be done, once each, and be in the store.</summary>
    public void Finish()
    {
        RunUntil(() => IsOver && Database.Ledger.Unfolded.Count == 0);
        _auditor.AtTheEnd();
        Assert.Null(_auditor.Violation);
        Assert.Equal(ExperimentState.Succeeded, Experiment.State);
        Assert.Equal(Experiment.Jobs.Count, _auditor.Commits);
    }

    private void Record(LedgerEntry entry)
    {
        _auditor.Record(entry);
        switch (entry)
        {
            case LedgerEntry.Published e:
                _published[e.Attempt.Job] = _world.Time;
                break;
            case LedgerEntry.Claimed { Attempt: { Number: 1, Job: var job } }
                when Experiment.Graph.Dependencies(job.Place) is { Count: > 0 } from:
                Gaps.Add((_world.Time - from.Max(place => _published[Experiment.Jobs[place]])).TotalSeconds);
                break;
            case LedgerEntry.Ended { Attempt: { Outcome: not AttemptOutcome.Succeeded } attempt }:
                Wasted.Add((_world.Time, attempt));
                break;
        }
    }
}
