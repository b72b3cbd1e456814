using Amnre.Engine;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Transitions;

namespace Amnre.Simulation.Tests.Memory;

/// <summary>Conclusions, in two moments as the real transaction has them: what it reads, and later what it writes.</summary>
internal sealed partial class MemoryLedger
{
    public IReadOnlyList<long> Unsettled() =>
        [.. Unfolded.Select(attempt => attempt.Job.Experiment.Id)
            .Union(Experiments.Where(experiment => experiment.State == ExperimentState.Running
                && ((experiment.CancelAsked
                    && (experiment.In(JobState.Waiting).Count + experiment.In(JobState.Ready).Count + experiment.In(JobState.Queued).Count)
                    > 0)
                    || experiment.Asked.Any(job => job.State < JobState.Running))).Select(experiment => experiment.Id))
            .Order()];

    /// <returns>Null when the experiment is not under way.</returns>
    public GraphTransaction? ReadToSettle(long experimentId, RetryPolicy policy)
    {
        var experiment = Experiment(experimentId);
        if (experiment.State != ExperimentState.Running) return null;
        var ended = Unfolded.Where(attempt => attempt.Job.Experiment == experiment).OrderBy(attempt => attempt.Token).ToList();
        return Decide(experiment, place =>
        [
            .. mutation == Mutation.FoldLoses ? [] : ended.Select(attempt => new EndedAttempt
            {
                JobId = attempt.Job.Id,
                Lacking = attempt.Outcome == AttemptOutcome.Damaged ? Lacking(attempt.Job) : [],
                Outcome = mutation == Mutation.DecisionOfZombie
                    && attempt is { Outcome: AttemptOutcome.Lost, Job.Spec.Kind: JobKind.Decide }
                    ? AttemptOutcome.Succeeded
                    : attempt.Outcome,
                Decided = Decided(attempt),
                FailureClass = attempt.Failure,
                Message = attempt.Message,
                WorkerSurvived = attempt.WorkerSurvived,
            }.Event(place)),
            .. experiment.CancelAsked ? [new GraphEvent.CancelAsked()] : Array.Empty<GraphEvent>(),
            .. experiment.Asked.Select(job => new GraphEvent.JobCancelAsked(place(job.Id))),
        ], ended, policy);
    }

    /// <param name="experimentId">Of whose jobs.</param>
    /// <param name="happened">Given the place of each job, the events.</param>
    public GraphTransaction ReadToConclude(long experimentId, Func<Func<long, int>, IReadOnlyList<GraphEvent>> happened) =>
        Decide(Experiment(experimentId), happened, [], null);

    /// <summary>Of single jobs, without what no longer holds: a published result that was found may have been withdrawn since.</summary>
    public GraphTransaction ReadToConclude(long experimentId, IReadOnlyList<(long JobId, Func<int, GraphEvent> Event)> happened)
    {
        var holding = happened
            .Where(one => one.Event(0) is not GraphEvent.Published || Publications.ContainsKey(Jobs[one.JobId].Fingerprint)).ToList();
        return ReadToConclude(experimentId, place => [.. holding.Select(one => one.Event(place(one.JobId)) is GraphEvent.Published published
            ? published with { Decided = Decided(Publications[Jobs[one.JobId].Fingerprint].Attempt) }
            : one.Event(place(one.JobId)))]);
    }

    /// <exception cref="LedgerConflictException">A job moved meanwhile; nothing was written.</exception>
    public IReadOnlyList<long> Write(GraphTransaction read)
    {
        var (experiment, folded) = (read.Experiment, read.Folded);
        if (mutation != Mutation.WriteOverwrites && folded.Changes.Any(change => experiment.Jobs[change.Job].State != change.From))
        {
            throw new LedgerConflictException(experiment.Id);
        }

        // What was there when it was read is kept there until now by the real transaction's lock.
        if (folded.Changes.Any(change => change.To.State == JobState.Reused && change.From != JobState.Reused
            && !Publications.ContainsKey(experiment.Jobs[change.Job].Fingerprint)))
        {
            throw new LedgerConflictException(experiment.Id);
        }

        var reopens = folded.State == ExperimentState.Running && folded.Changes.Any(change => change.From.IsFinal);
        if (reopens && Experiments.Exists(other => other.Name == experiment.Name && other.Version > experiment.Version))
        {
            throw new InputException($"version {experiment.Version} of '{experiment.Name}' was followed by another");
        }

        foreach (var change in folded.Changes) Write(experiment.Jobs[change.Job], Written(experiment, change));
        if (folded.State != ExperimentState.Running && experiment.State == ExperimentState.Running)
        {
            experiment.State = folded.State;
            record(new LedgerEntry.Finished(experiment));
        }
        else if (reopens && experiment.State != ExperimentState.Running)
        {
            (experiment.State, experiment.CancelAsked, experiment.Paused, experiment.PauseDrains) = (ExperimentState.Running, false, false,
                false);
        }

        if (mutation != Mutation.FoldRepeats)
        {
            foreach (var attempt in read.Ended)
            {
                attempt.Folded = true;
                Unfolded.Remove(attempt);
                record(new LedgerEntry.Folded(attempt));
            }
        }

        return [.. folded.Changes.Select(change => experiment.Jobs[change.Job].Id)];
    }

    /// <summary>The flag; the conclusion is a transaction of its own.</summary>
    public bool AskToCancel(long experimentId)
    {
        var experiment = Experiment(experimentId);
        if (experiment.State != ExperimentState.Running) return false;
        return experiment.CancelAsked = true;
    }

    public IReadOnlyList<long> AskToCancelJobs(long experimentId, IReadOnlyList<long> jobs)
    {
        var asked = Experiment(experimentId).Jobs.Where(job => jobs.Contains(job.Id) && !job.State.IsFinal).ToList();
        asked.ForEach(job => job.CancelAsked = true);
        return [.. asked.Select(job => job.Id)];
    }

    /// <summary>Jobs that are to run again, with what they read from and nothing stands for.</summary>
    public IReadOnlyList<long> RerunScopeOf(long experimentId, IReadOnlyList<long> jobs)
    {
        var experiment = Experiment(experimentId);
        return [.. RerunScope.Places(experiment.Graph, [.. experiment.Jobs.Where(job => jobs.Contains(job.Id)).Select(job => job.Place)],
            [.. experiment.Jobs.Select(job => !Publications.ContainsKey(job.Fingerprint))]).Select(place => experiment.Jobs[place].Id)];
    }

    public bool Pause(long experimentId, bool drain)
    {
        var experiment = Experiment(experimentId);
        if (experiment.State != ExperimentState.Running) return false;
        (experiment.Paused, experiment.PauseDrains) = (true, experiment.PauseDrains || drain);
        return true;
    }

    public bool Resume(long experimentId)
    {
        var experiment = Experiment(experimentId);
        var was = experiment.Paused;
        (experiment.Paused, experiment.PauseDrains) = (false, false);
        return was;
    }

    private GraphTransaction Decide(
        ExperimentRow experiment, Func<Func<long, int>, IReadOnlyList<GraphEvent>> happened, IReadOnlyList<AttemptRow> ended,
        RetryPolicy? policy)
    {
        var events = happened(job => Jobs[job].Place);
        if (mutation != Mutation.FoldForgetsEarlier)
        {
            var part = GraphPart.Cut(experiment.Graph, GraphReach.Of(experiment.Graph, events));
            var known = part.Places.ToHashSet();
            var elsewhere = Enum.GetValues<JobState>().Where(state => experiment.In(state).Any(job => !known.Contains(job.Place)));
            var folded = GraphFold.Fold(part.Graph, [.. part.Places.Select(place => Standing(experiment.Jobs[place]))],
                [.. part.Places.Select(place => experiment.Names[place])],
                happened(job => part.Of(Jobs[job].Place)), policy, elsewhere);
            return new GraphTransaction(experiment,
                folded with { Changes = [.. folded.Changes.Select(change => change with { Job = part.Places[change.Job] })] }, ended);
        }

        var standings = experiment.Jobs.Select(Standing).ToArray();
        var changes = events.SelectMany(one => GraphRules.Decide(experiment.Graph, standings, experiment.Names, one, policy))
            .GroupBy(change => change.Job).Select(group => group.Last()).ToList();
        foreach (var change in changes) standings[change.Job] = change.To;
        return new GraphTransaction(experiment, new FoldedGraph(changes, ExperimentStates.Of(standings.Select(standing => standing.State))),
            ended);
    }

    private IReadOnlyList<DecidedBranch> Decided(AttemptRow attempt) => mutation switch
    {
        Mutation.DecisionIgnored => [.. attempt.Decided.Select(one => one with { Admitted = true })],
        Mutation.DecisionLost => [],
        _ => attempt.Decided,
    };

    /// <summary>A change as the ledger writes it.</summary>
    private JobChange Written(ExperimentRow experiment, JobChange change)
    {
        if (mutation != Mutation.DecisionCountsTwice || change.To is not { State: JobState.Waiting, Unmet: > 0 }
            || !experiment.Graph.Dependencies(change.Job).Any(place => experiment.Jobs[place].Spec.Kind == JobKind.Decide)) return change;
        var unmet = change.To.Unmet - 1;
        return change with { To = change.To with { Unmet = unmet, State = unmet == 0 ? JobState.Ready : JobState.Waiting } };
    }

    private long[] Lacking(JobRow job) => mutation == Mutation.DamageNotRepaired ? [] : [.. job.Experiment.Graph.Dependencies(job.Place)
        .Select(place => job.Experiment.Jobs[place]).Where(producer => !Publications.ContainsKey(producer.Fingerprint))
        .Select(producer => producer.Id)];

    private JobStanding Standing(JobRow job) => new(job.State, job.Unmet, Tally(job) with
    {
        Damages = Damages.Count(one => one.Fingerprint == job.Fingerprint && one.Token > job.BudgetFrom
            && one.At >= job.Experiment.SubmittedAt),
    });

    private static FailureTally Tally(JobRow job)
    {
        var tally = FailureTally.None;
        foreach (var attempt in job.Attempts)
        {
            if (attempt is not { Folded: true, Failure: { } failure } || attempt.Token <= job.BudgetFrom) continue;
            tally = tally.With(failure);
            if (attempt is { Outcome: AttemptOutcome.Lost, Failure: FailureClass.Infrastructure, WorkerSurvived: false })
                tally = tally with { Deaths = tally.Deaths + 1 };
        }

        return tally;
    }

    private void Write(JobRow job, JobChange change)
    {
        var final = change.To.State.IsFinal;
        (job.Unmet, job.TransportId) = (change.To.Unmet, null);
        job.NotBefore = change.To.State == JobState.Ready ? now() + change.Delay : null;
        job.CancelAsked = !final && !change.FreshBudget && job.CancelAsked;
        if (change.FreshBudget)
            job.BudgetFrom = Math.Max(job.Attempts.Count == 0
                ? 0
                : job.Attempts[^1].Token, Damages.Where(one => one.Fingerprint == job.Fingerprint).Max(one => (long?)one.Token) ?? 0);
        job.Anew = !final && (job.Anew || change.Anew);
        Move(job, change.To.State, change.FreshBudget);
    }

    private void Move(JobRow job, JobState to, bool asked = false)
    {
        var from = job.State;
        job.State = to;
        if (from is JobState.Queued or JobState.Running) _underWay[job.Fingerprint]--;
        if (to is JobState.Queued or JobState.Running) _underWay[job.Fingerprint] = _underWay.GetValueOrDefault(job.Fingerprint) + 1;
        if (from != to) record(new LedgerEntry.Moved(job, from, to, asked));
    }
}

/// <summary>What a graph transaction read and decided, before it writes.</summary>
internal sealed record GraphTransaction(ExperimentRow Experiment, FoldedGraph Folded, IReadOnlyList<AttemptRow> Ended);
